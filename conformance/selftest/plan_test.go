package selftest

import (
	"slices"
	"testing"

	"github.com/xferspec/xferspec/conformance/mutants"
	"github.com/xferspec/xferspec/spec"
)

func TestCasesFor(t *testing.T) {
	all := trial(t, true)
	m := mutants.Mutant{ID: "m", Role: spec.Server, Clauses: []string{"CRC-3"}}
	if ids := all.CasesFor(m); !slices.Contains(ids, "SRV-CRC-02") {
		t.Errorf("%v lacks the case about its clause", ids)
	}
	all.Full = true
	if ids := all.CasesFor(m); len(ids) != 2 {
		t.Errorf("%v are not all", ids)
	}
	m.Alone = "because"
	if ids := all.CasesFor(m); len(ids) != 1 {
		t.Errorf("%v are not only those about its clause", ids)
	}
	m.Role = spec.Client
	if ids := all.CasesFor(m); len(ids) != 0 {
		t.Errorf("%v are cases of another role", ids)
	}
}
