package selftest

import (
	"fmt"
	"strings"

	"github.com/xferspec/xferspec/conformance/report"
)

// finish counts, lists the faults and comes to the verdict.
func (r *Result) finish() {
	r.Counts = Counts{Mutants: len(r.Mutants), Variations: len(r.Variations)}
	for _, m := range r.Mutants {
		r.countMutant(m)
	}
	for _, v := range r.Variations {
		switch v.Outcome {
		case Accused:
			r.Counts.Accused++
			r.fault("%s variation %s: accused by %s", v.Role, v.ID, list(v.AccusedBy))
		case NotRun:
			r.Counts.NotRun++
			r.fault("%s variation %s: not run: %s", v.Role, v.ID, v.Reason)
		}
	}
	var idle []string
	for _, c := range r.Cases {
		if len(c.Kills) == 0 && !r.Partial {
			idle = append(idle, c.ID)
		}
	}
	r.Counts.Idle = len(idle)
	if len(idle) > 0 {
		r.fault("no mutant fails these MUST cases: %s", list(idle))
	}
	switch {
	case r.Counts.NotRun > 0 || r.Counts.Mutants+r.Counts.Variations == 0:
		r.Verdict = report.Incomplete
	case len(r.Faults) > 0:
		r.Verdict = report.NonConformant
	default:
		r.Verdict = report.Conformant
	}
}

func (r *Result) countMutant(m MutantResult) {
	r.Counts.Unrelated += len(m.Unrelated)
	switch m.Outcome {
	case Killed:
		r.Counts.Killed++
	case NotRun:
		r.Counts.NotRun++
		r.fault("%s mutant %s: not run: %s", m.Role, m.ID, m.Reason)
	default:
		r.Counts.Survived++
		r.fault("%s mutant %s: breaks %s, and no case about that found it out", m.Role, m.ID, list(m.Missed))
	}
	if len(m.Lost) > 0 {
		r.fault("%s mutant %s: gets past %s, which found it out when the matrix was written; if it may, write the matrix anew", m.Role, m.ID, list(m.Lost))
	}
	if n := len(m.Unrelated); n > m.Bound {
		r.fault("%s mutant %s: fails %d cases about other clauses, %d are put up with: %s", m.Role, m.ID, n, m.Bound, list(m.Unrelated))
	}
}

func (r *Result) fault(format string, args ...any) {
	r.Faults = append(r.Faults, fmt.Sprintf(format, args...))
}

func list(ids []string) string { return strings.Join(ids, ", ") }
