package selftest

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/xferspec/xferspec/conformance/report"
	"github.com/xferspec/xferspec/spec"
)

func TestReadRecord(t *testing.T) {
	r := &Result{Mutants: []MutantResult{
		{ID: "one", Role: "server", Clauses: []string{"CRC-3"}, About: "a | b", Outcome: Killed, KilledBy: []string{"SRV-CRC-02", "SRV-FIL-100", "SRV-CRC-13"}},
		{ID: "two", Role: "server", Clauses: []string{"CRC-3"}, Outcome: Killed, Varies: true, KilledBy: []string{"SRV-CRC-02"}},
		{ID: "one", Role: "client", Clauses: []string{"CRC-7"}, Outcome: Killed, KilledBy: []string{"CLT-CRC-04"}},
		{ID: "three", Role: "client", Clauses: []string{"CRC-7"}, Outcome: Survived},
	}}
	var matrix bytes.Buffer
	if err := r.WriteMarkdown(&matrix); err != nil {
		t.Fatal(err)
	}
	text, err := ReplaceMatrix([]byte("### Mutants of the server\n"+matrixBegin+matrixEnd), matrix.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	record := ReadRecord(text)
	for _, row := range []struct {
		role spec.Role
		id   string
		want []string
	}{
		{spec.Server, "one", []string{"SRV-CRC-02", "SRV-CRC-13", "SRV-FIL-100"}},
		{spec.Server, "two", nil},
		{spec.Client, "one", []string{"CLT-CRC-04"}},
		{spec.Client, "three", nil},
	} {
		if got := record[row.role][row.id]; !slices.Equal(got, row.want) {
			t.Errorf("%s %s: %v, want %v", row.role, row.id, got, row.want)
		}
	}
}

// A mutant that another case still finds out has all the same got past one.
func TestJudgeComparesWithTheRecord(t *testing.T) {
	for _, row := range []struct {
		name     string
		status   report.Status
		again    report.Status // in a second run; "" for none
		recorded string
		lost     bool
	}{
		{"found out again", report.Failed, "", "SRV-CRC-13", false},
		{"warned", report.Warned, "", "SRV-CRC-13", false},
		{"got past", report.Passed, "", "SRV-CRC-13", true},
		{"got past twice", report.Passed, report.Passed, "SRV-CRC-13", true},
		{"got past, then not run", report.Passed, report.NotRun, "SRV-CRC-13", true},
		{"found out late", report.Passed, report.Failed, "SRV-CRC-13", false},
		{"not run", report.NotRun, "", "SRV-CRC-13", false},
		{"the case is gone", report.Failed, "", "SRV-CRC-99", true},
	} {
		t.Run(row.name, func(t *testing.T) {
			all := trial(t, true, result("SRV-CRC-02", "CRC-3", report.Failed), result("SRV-CRC-13", "CRC-3", row.status), result("SRV-REG-04", "REG-6", report.Failed))
			all.Catalogue = append(all.Catalogue, catalogue("SRV-CRC-13", "CRC-3")...)
			all.Partial = true
			all.Record = Record{spec.Server: {"m": {"SRV-CRC-02", row.recorded}}}
			if row.again != "" {
				all.MutantRuns[0].Again = &report.Report{Cases: []report.Case{result("SRV-CRC-13", "CRC-3", row.again)}}
			}
			r := Judge(all)
			if late := slices.Contains(r.Mutants[0].Late, row.recorded); late != (row.again == report.Failed) {
				t.Errorf("late: %v", r.Mutants[0].Late)
			}
			faults := strings.Join(r.Faults, "\n")
			if lost := r.Verdict == report.NonConformant && strings.Contains(faults, "gets past "+row.recorded); lost != row.lost {
				t.Errorf("%s, faults %q", r.Verdict, faults)
			}
		})
	}
}
