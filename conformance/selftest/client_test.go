package selftest

import (
	"fmt"
	"slices"
	"testing"

	"github.com/xferspec/xferspec/conformance"
	"github.com/xferspec/xferspec/conformance/mutants"
	"github.com/xferspec/xferspec/conformance/report"
	"github.com/xferspec/xferspec/spec"
)

// clientCase declares a case about a clause that looks at some runs.
func clientCase(id, clause string, runs ...string) conformance.CaseInfo {
	c, _ := spec.LookupClause(clause)
	return conformance.CaseInfo{ID: id, Role: spec.Client, Clauses: []spec.Clause{c}, Scenarios: runs}
}

func TestCasesForAClient(t *testing.T) {
	basic := clientCase("CLT-FRM-01", "FRM-2", "fresh")
	basic.Basic = true
	trial := Trial{Catalogue: conformance.Catalogue{
		basic,
		clientCase("CLT-VER-01", "VER-2", "fresh"),             // at a run that is made anyway
		clientCase("CLT-CRC-04", "CRC-7", "mismatch"),          // about the mutant's clause
		clientCase("CLT-CRC-07", "CRC-6", "mismatch"),          // at the same run
		clientCase("CLT-FIL-06", "FIL-24", "nested"),           // at another
		clientCase("CLT-CRC-15", "CRC-7", many("x")...),        // at many
		clientCase("CLT-RTY-63", "RTY-5", many("y")...),        // named by the row
		clientCase("CLT-RTY-57", "RTY-8", "fresh", "mismatch"), // slow
	}}
	m := mutants.Mutant{ID: "m", Role: spec.Client, Clauses: []string{"CRC-7"}, Also: []string{"CLT-RTY-63"}}
	want := []string{"CLT-FRM-01", "CLT-VER-01", "CLT-CRC-04", "CLT-CRC-07", "CLT-RTY-63"}
	if got := trial.CasesFor(m); !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	trial.Full = true
	if got := trial.CasesFor(m); len(got) != len(trial.Catalogue) {
		t.Errorf("%d cases of %d in full", len(got), len(trial.Catalogue))
	}
}

func many(prefix string) (runs []string) {
	for i := range manyRuns {
		runs = append(runs, fmt.Sprint(prefix, i))
	}
	return runs
}

// A case that had nothing to look at in any run is not one that kills nothing.
func TestJudgeInapplicableCase(t *testing.T) {
	killed := result("SRV-CRC-02", "CRC-3", report.Failed)
	r := Judge(trial(t, true, killed, result("SRV-REG-04", "REG-6", report.NotApplicable)))
	if r.Verdict != report.Conformant || r.Counts.Idle != 0 {
		t.Errorf("%s, %+v", r.Verdict, r.Counts)
	}
}
