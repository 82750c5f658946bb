package grade

import (
	"slices"

	"github.com/xferspec/xferspec/conformance/report"
)

// State is what a report says of a clause.
type State string

// The states, the worst first.
const (
	Broken State = "broken" // a case about it failed
	Warned State = "warned" // a case about it that is only a SHOULD found something
	Held   State = "held"
	Unseen State = "unseen" // no case about it came to a verdict
)

// states returns what a report says of every clause that its cases are about,
// but for those that apply to nobody. A case that failed because another one did
// is no evidence: it neither breaks its clauses nor lets them hold.
func states(r *report.Report) map[string]State {
	of := map[string]State{}
	note := func(c report.Case, state State) {
		for _, id := range c.Clauses {
			if old, ok := of[id]; !ok || rank(state) < rank(old) {
				of[id] = state
			}
		}
	}
	for _, c := range r.Cases {
		switch {
		case c.Status == report.NotApplicable:
		case c.Status == report.Passed || c.Status == report.KnownFailure:
			note(c, Held)
		case c.Status == report.NotRun || c.ConsequenceOf != "":
			note(c, Unseen)
		case c.Status == report.Failed:
			note(c, Broken)
		case c.Status == report.Warned:
			note(c, Warned)
		}
	}
	return of
}

// rank orders the states by how much they count.
func rank(s State) int { return slices.Index([]State{Broken, Warned, Held, Unseen}, s) }
