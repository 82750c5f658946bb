package selftest

import (
	"slices"
	"strings"
	"testing"

	"github.com/xferspec/xferspec/conformance"
	"github.com/xferspec/xferspec/conformance/mutants"
	"github.com/xferspec/xferspec/conformance/report"
	"github.com/xferspec/xferspec/spec"
)

// trial has one mutant that breaks CRC-3, or one variation, and the cases' fate.
func trial(t *testing.T, mutant bool, cases ...report.Case) Trial {
	t.Helper()
	edition, err := spec.LookupEdition(spec.DefaultEdition)
	if err != nil {
		t.Fatal(err)
	}
	r := &report.Report{Cases: cases}
	r.Finish()
	out := Trial{Edition: edition, Catalogue: catalogue("SRV-CRC-02", "CRC-3", "SRV-REG-04", "REG-6")}
	if mutant {
		out.Mutants = []mutants.Mutant{{ID: "m", Role: spec.Server, Clauses: []string{"CRC-3"}}}
		out.MutantRuns = []Run{{Report: r}}
	} else {
		out.Variations = []mutants.Variation{{ID: "v", Role: spec.Server, Departs: []string{"FRM-15"}}}
		out.VariationRuns = []Run{{Report: r}}
	}
	return out
}

func catalogue(idsAndClauses ...string) (all conformance.Catalogue) {
	for pair := range slices.Chunk(idsAndClauses, 2) {
		clause, _ := spec.LookupClause(pair[1])
		all = append(all, conformance.CaseInfo{ID: pair[0], Role: spec.Server, Clauses: []spec.Clause{clause}})
	}
	return all
}

func result(id, clause string, status report.Status) report.Case {
	return report.Case{ID: id, Clauses: []string{clause}, Status: status}
}

func TestJudge(t *testing.T) {
	passed := result("SRV-REG-04", "REG-6", report.Passed)
	dead := result("SRV-REG-04", "REG-6", report.Failed)
	dead.Message = "expected: nothing (CRC-3)"
	consequence := result("SRV-REG-04", "REG-6", report.Failed)
	consequence.ConsequenceOf = "SRV-CRC-02"
	for _, row := range []struct {
		name    string
		mutant  bool
		cases   []report.Case
		verdict report.Verdict
		fault   string // a part of one; "" for none
	}{
		{"killed", true, []report.Case{result("SRV-CRC-02", "CRC-3", report.Failed), dead}, report.Conformant, ""},
		{"idle case", true, []report.Case{result("SRV-CRC-02", "CRC-3", report.Failed), passed}, report.NonConformant, "no mutant fails these MUST cases: SRV-REG-04"},
		{"survivor", true, []report.Case{result("SRV-CRC-02", "CRC-3", report.Passed), passed}, report.NonConformant, "m: breaks CRC-3"},
		{"a warning is no kill for a MUST", true, []report.Case{result("SRV-CRC-02", "CRC-3", report.Warned), passed}, report.NonConformant, "m: breaks CRC-3"},
		{"killed for another clause", true, []report.Case{result("SRV-REG-04", "REG-6", report.Failed)}, report.NonConformant, "m: breaks CRC-3"},
		{"consequence", true, []report.Case{result("SRV-CRC-02", "CRC-3", report.Failed), consequence}, report.Conformant, ""},
		{"nothing judged", true, []report.Case{result("SRV-CRC-02", "CRC-3", report.NotRun)}, report.Incomplete, "no case was judged"},
		{"cleared", false, []report.Case{passed}, report.Conformant, ""},
		{"accused", false, []report.Case{result("SRV-REG-04", "REG-6", report.Failed)}, report.NonConformant, "v: accused by SRV-REG-04"},
		{"warned as declared", false, []report.Case{result("SRV-FRM-61", "FRM-15", report.Warned), passed}, report.Conformant, ""},
		{"warned otherwise", false, []report.Case{result("SRV-FRM-61", "FRM-16", report.Warned), passed}, report.NonConformant, "v: accused by SRV-FRM-61"},
		{"not all run", false, []report.Case{result("SRV-REG-04", "REG-6", report.NotRun), passed}, report.Incomplete, "1 cases were not run"},
	} {
		t.Run(row.name, func(t *testing.T) {
			r := Judge(trial(t, row.mutant, row.cases...))
			faults := strings.Join(r.Faults, "\n")
			if r.Verdict != row.verdict || !strings.Contains(faults, row.fault) || row.fault == "" && faults != "" {
				t.Errorf("%s, faults %q", r.Verdict, faults)
			}
		})
	}
}

func TestJudgeBoundsUnrelatedFailures(t *testing.T) {
	cases := []report.Case{result("SRV-CRC-02", "CRC-3", report.Failed), result("SRV-REG-04", "REG-6", report.Failed)}
	for i := range mutants.DefaultUnrelated {
		cases = append(cases, result("SRV-REG-1"+string(rune('0'+i)), "REG-6", report.Failed))
	}
	r := Judge(trial(t, true, cases...))
	if r.Counts.Unrelated != mutants.DefaultUnrelated+1 || r.Verdict != report.NonConformant {
		t.Errorf("%+v, %s", r.Counts, r.Verdict)
	}
}

func TestJudgeNothing(t *testing.T) {
	empty := trial(t, true)
	empty.Mutants, empty.MutantRuns = nil, nil
	if r := Judge(empty); r.Verdict != report.Incomplete {
		t.Errorf("%s for a trial of nothing", r.Verdict)
	}
}
