package main

import (
	"bytes"
	"strings"
	"testing"

	"github.com/xferspec/xferspec/conformance"
	"github.com/xferspec/xferspec/conformance/report"
	"github.com/xferspec/xferspec/spec"
)

func TestCoverageMarksClausesWithoutACase(t *testing.T) {
	clause, _ := spec.LookupClause("REG-3")
	catalogue := conformance.Catalogue{{ID: "SRV-REG-01", Role: spec.Server, Clauses: []spec.Clause{clause}}}
	ed, err := spec.LookupEdition(spec.DefaultEdition)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	err = coverage(&out, catalogue, ed, []spec.Role{spec.Server})
	if got := exitStatus(err); got != report.ExitNonConformant {
		t.Errorf("exit status %d, want %d", got, report.ExitNonConformant)
	}
	for _, want := range []string{"REG-3   server  MUST    SRV-REG-01\n", "REG-4   server  MUST    no case\n"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no line %q in\n%s", want, &out)
		}
	}
	if strings.Contains(out.String(), "REG-1 ") {
		t.Error("REG-1 binds the client, and is listed for the server")
	}
}

func TestCoverageNamesClausesThatHaveChanged(t *testing.T) {
	clause, _ := spec.LookupClause("REG-3")
	catalogue := conformance.Catalogue{{ID: "SRV-REG-01", Role: spec.Server, Clauses: []spec.Clause{clause}}}
	stale := []conformance.Stale{{ID: "REG-3", What: "has changed"}, {ID: "REG-1", What: "is new"}, {ID: "REG-99", What: "is gone"}}
	err := unacknowledged(catalogue, stale, []spec.Role{spec.Server})
	if got := exitStatus(err); got != report.ExitNonConformant {
		t.Errorf("exit status %d, want %d", got, report.ExitNonConformant)
	}
	lines := strings.Split(err.Error(), "\n")
	for i, want := range []string{
		"REG-3 has changed since its cases were looked at: SRV-REG-01",
		"REG-99 is gone since its cases were looked at: no case",
		"list --acknowledge REG-3,REG-99",
	} {
		if len(lines) != 3 || !strings.HasSuffix(lines[i], want) {
			t.Errorf("got\n%v\nwithout %q in line %d", err, want, i+1)
		}
	}
	if err := unacknowledged(catalogue, nil, []spec.Role{spec.Server}); err != nil {
		t.Errorf("nothing has changed: %v", err)
	}
}
