package mutants_test

import (
	"slices"
	"testing"

	"github.com/xferspec/xferspec/conformance/mutants"
	"github.com/xferspec/xferspec/conformance/mutants/clients"
	"github.com/xferspec/xferspec/conformance/mutants/servers"
	"github.com/xferspec/xferspec/spec"
)

func TestTables(t *testing.T) {
	all := slices.Concat(servers.Mutants(), clients.Mutants())
	variations := slices.Concat(servers.Variations(), clients.Variations())
	if err := mutants.Check(all, variations); err != nil {
		t.Error(err)
	}
}

func TestCheckRefuses(t *testing.T) {
	good := servers.Mutants()[0]
	for name, change := range map[string]func(m *mutants.Mutant){
		"id":              func(m *mutants.Mutant) { m.ID = "Not Kebab" },
		"clause":          func(m *mutants.Mutant) { m.Clauses = []string{"FRM-99"} },
		"role of clause":  func(m *mutants.Mutant) { m.Clauses = []string{"CFG-1"} },
		"no clause":       func(m *mutants.Mutant) { m.Clauses = nil },
		"clause twice":    func(m *mutants.Mutant) { m.Clauses = []string{"ERR-4", "ERR-4"} },
		"no text":         func(m *mutants.Mutant) { m.About = "" },
		"bound, no why":   func(m *mutants.Mutant) { m.Unrelated, m.Why = 9, "" },
		"bound too small": func(m *mutants.Mutant) { m.Unrelated, m.Why = 2, "because" },
	} {
		m := good
		change(&m)
		if mutants.Check([]mutants.Mutant{m}, nil) == nil {
			t.Errorf("%s: not refused", name)
		}
	}
	if mutants.Check([]mutants.Mutant{good, good}, nil) == nil {
		t.Error("the same id twice: not refused")
	}
	departing := mutants.Variation{ID: "v", Role: spec.Server, About: "x", Main: good.Main, Departs: []string{"ERR-4"}}
	if mutants.Check(nil, []mutants.Variation{departing}) == nil {
		t.Error("a variation that breaks a MUST: not refused")
	}
}
