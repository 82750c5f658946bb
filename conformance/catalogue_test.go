package conformance_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/xferspec/xferspec/conformance"
	_ "github.com/xferspec/xferspec/conformance/client"
	_ "github.com/xferspec/xferspec/conformance/server"
	"github.com/xferspec/xferspec/spec"
)

func catalogue(t *testing.T) conformance.Catalogue {
	t.Helper()
	all, err := conformance.ReadCatalogue()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func edition(t *testing.T, name string) *spec.Edition {
	t.Helper()
	ed, err := spec.LookupEdition(name)
	if err != nil {
		t.Fatal(err)
	}
	return ed
}

// A case that mixes levels would be reported as a warning where a MUST is broken.
func TestClausesOfACaseHaveOneLevel(t *testing.T) {
	for _, c := range catalogue(t) {
		for _, clause := range c.Clauses {
			if clause.Level != c.Clauses[0].Level {
				t.Errorf("%s mixes %s %s and %s %s", c.ID, c.Clauses[0].Level, c.Clauses[0].ID, clause.Level, clause.ID)
			}
		}
	}
}

func TestIDNamesTheGroupOfTheFirstClause(t *testing.T) {
	for _, c := range catalogue(t) {
		if got, want := c.ID[4:7], c.Clauses[0].Group(); got != want {
			t.Errorf("%s is about %s first: its id should begin with %s", c.ID, c.Clauses[0].ID, c.ID[:4]+want)
		}
	}
}

func TestEveryServerClauseHasACase(t *testing.T) {
	all := catalogue(t)
	for _, clause := range spec.Clauses() {
		if clause.Roles.Has(spec.Server) && len(all.CasesOf(clause.ID, spec.Server)) == 0 {
			t.Errorf("no case tests %s on a server: %s", clause.ID, clause.Text)
		}
	}
}

func TestPlanSelectsByCaseAndClause(t *testing.T) {
	all := catalogue(t)
	plan, err := all.Plan(conformance.Selection{Role: spec.Server, Edition: edition(t, "2024a"), ClauseIDs: []string{"REG-3"}})
	if err != nil {
		t.Fatal(err)
	}
	if len(plan) == 0 {
		t.Fatal("no case for REG-3")
	}
	for _, p := range plan {
		if !p.Tests("REG-3") {
			t.Errorf("%s was selected for REG-3 and tests %v", p.ID, p.Clauses)
		}
	}
	plan, err = all.Plan(conformance.Selection{Role: spec.Server, Edition: edition(t, "2024a"), CaseIDs: []string{"SRV-REG-01"}})
	if err != nil || len(plan) != 1 || plan[0].ID != "SRV-REG-01" {
		t.Errorf("one case by its id: %v, %v", plan, err)
	}
}

func TestPlanRefusesUnknownIDs(t *testing.T) {
	all := catalogue(t)
	for _, s := range []conformance.Selection{
		{CaseIDs: []string{"NOPE"}},
		{CaseIDs: []string{"CLT-REG-01"}}, // tests a client
		{ClauseIDs: []string{"REG-99"}},
		{ClauseIDs: []string{"REG-1"}}, // binds the client
	} {
		s.Role, s.Edition = spec.Server, edition(t, "2024a")
		_, err := all.Plan(s)
		if _, ok := errors.AsType[*conformance.UnknownIDError](err); !ok {
			t.Errorf("%v: got %v, want an UnknownIDError", s, err)
		}
	}
}

func TestPlanSaysWhatDoesNotApply(t *testing.T) {
	all := catalogue(t)
	plan, err := all.Plan(conformance.Selection{Role: spec.Server, Edition: edition(t, "2022c"), Remote: true})
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range plan {
		login := slices.ContainsFunc(p.Clauses, func(c spec.Clause) bool { return c.Group() == "LGN" })
		if (login || p.Local) && p.NotApplicable == "" {
			t.Errorf("%s should not apply to an address in an edition without login", p.ID)
		}
	}
}

func TestDigestChangesWithTheCases(t *testing.T) {
	all := catalogue(t)
	if all.Digest() != catalogue(t).Digest() {
		t.Error("two readings have two digests")
	}
	if all.Digest() == all[1:].Digest() {
		t.Error("a case less, and the same digest")
	}
}
