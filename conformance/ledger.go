package conformance

import (
	"fmt"
	"slices"

	"github.com/onsi/ginkgo/v2"

	"github.com/xferspec/xferspec/conformance/report"
)

// Ledger keeps what became of the cases so far, so that a case whose
// prerequisite is missing is not run instead of failing a second time for the
// same reason. Its zero value is empty.
type Ledger struct {
	statuses map[string]report.Status
	excused  map[string]bool
	current  string
}

// Begin notes which case runs now and returns which one ran before.
func (l *Ledger) Begin() (last string) {
	last, l.current = l.current, currentCase()
	return last
}

// Current returns the case that runs, or the one that ran last.
func (l *Ledger) Current() string { return l.current }

// Note keeps the status of a case that ended.
func (l *Ledger) Note(caseID string, status report.Status) {
	if l.statuses == nil {
		l.statuses = map[string]report.Status{}
	}
	l.statuses[caseID] = status
}

// Excuse lets other cases build on one although it fails: they allow for what
// it finds.
func (l *Ledger) Excuse(caseID string) {
	if l.excused == nil {
		l.excused = map[string]bool{}
	}
	l.excused[caseID] = true
}

// Need ends the case if a step failed that another case is about. If that one
// did not pass either, or was not asked for, this one is not run; if it
// passed, something is wrong here, and this one has failed. Step completes the
// sentence "could not …"; got is what was seen instead.
func (l *Ledger) Need(ok bool, caseID, step string, got any) {
	ginkgo.GinkgoHelper()
	switch {
	case ok:
	case l.statuses[caseID] == report.Passed || l.current == caseID || l.excused[caseID]:
		ginkgo.Fail(fmt.Sprintf("expected: to %s\nactual:   %v", step, got))
	default:
		NotRun(fmt.Sprintf("could not %s (that is %s): %v", step, caseID, got))
	}
}

// Require ends the case as not run if others, on which it builds, were run
// before and did not pass.
func (l *Ledger) Require(caseIDs ...string) {
	for _, id := range caseIDs {
		if l.Broken(id) {
			NotRun("builds on " + id + ", which did not pass")
		}
	}
}

// Broken says whether a case was run before, did not pass and is not excused.
func (l *Ledger) Broken(caseID string) bool {
	status, ran := l.statuses[caseID]
	return ran && status != report.Passed && !l.excused[caseID]
}

// Failed says whether a case was run before and found its clause broken.
func (l *Ledger) Failed(caseID string) bool {
	return l.statuses[caseID] == report.Failed || l.statuses[caseID] == report.Warned
}

// CurrentTests says whether the case that is running is about a clause.
func CurrentTests(clauseID string) bool {
	return slices.Contains(ginkgo.CurrentSpecReport().LeafNodeLabels, clauseID)
}

// currentCase returns the id of the case that is running.
func currentCase() string {
	for _, label := range ginkgo.CurrentSpecReport().LeafNodeLabels {
		if caseID.MatchString(label) {
			return label
		}
	}
	return ""
}
