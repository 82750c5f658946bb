package conformance_test

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xferspec/xferspec/conformance"
	"github.com/xferspec/xferspec/spec"
)

// frozen has the digests of the sets, so that none changes without being noticed.
var frozen = map[string]string{
	"1.0": "80b11adbc7fb74bf",
}

func sets(t *testing.T) []*conformance.Requirements {
	t.Helper()
	all, err := conformance.RequirementSets()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestFrozenRequirementsAreKept(t *testing.T) {
	cases, ed := catalogue(t), edition(t, spec.DefaultEdition)
	for _, set := range sets(t) {
		for _, broken := range set.Broken(cases, ed) {
			t.Errorf("requirements %s: %s: give what is new an id of its own", set.Name, broken)
		}
		text, err := os.ReadFile(filepath.Join("requirements", set.Name+".txt"))
		if err != nil {
			t.Fatal(err)
		}
		sum := sha256.Sum256(text)
		if digest := hex.EncodeToString(sum[:8]); digest != frozen[set.Name] {
			t.Errorf("requirements %s have the digest %s, not %q: once released they never change", set.Name, digest, frozen[set.Name])
		}
	}
	if len(sets(t)) != len(frozen) {
		t.Errorf("%d sets, %d digests", len(sets(t)), len(frozen))
	}
}

func TestBrokenRequirementsAreFound(t *testing.T) {
	cases, ed := catalogue(t), edition(t, spec.DefaultEdition)
	must, should := first(t, cases, spec.Must, ed), first(t, cases, spec.Should, ed)
	set := &conformance.Requirements{Name: "0.1", Cases: []conformance.Frozen{
		{ID: "SRV-REG-999", Level: "MUST", Clauses: []string{"REG-1"}},
		{ID: must.ID, Level: "SHOULD", Clauses: ids(must)},
		{ID: must.ID, Level: "MUST", Clauses: []string{"REG-99"}},
		{ID: should.ID, Level: "MUST", Clauses: ids(should)}, // it became milder
	}}
	broken := set.Broken(cases, ed)
	for i, want := range []string{"SRV-REG-999 is gone", "was a SHOULD, now it is a MUST", "was about [REG-99]"} {
		if len(broken) != 3 || !strings.Contains(broken[i], want) {
			t.Fatalf("found %q, want one with %q", broken, want)
		}
	}
}

func first(t *testing.T, all conformance.Catalogue, level spec.Level, ed *spec.Edition) conformance.CaseInfo {
	t.Helper()
	for _, c := range all {
		if c.Level(ed) == level {
			return c
		}
	}
	t.Fatalf("no case of level %s", level)
	return conformance.CaseInfo{}
}

func ids(c conformance.CaseInfo) (all []string) {
	for _, clause := range c.Clauses {
		all = append(all, clause.ID)
	}
	return all
}

func TestPlanWithinRequirements(t *testing.T) {
	all := catalogue(t)
	s := conformance.Selection{Role: spec.Server, Edition: edition(t, spec.DefaultEdition)}
	s.Within = &conformance.Requirements{Name: "0.1", Cases: []conformance.Frozen{{ID: "SRV-REG-01"}}}
	plan, err := all.Plan(s)
	if err != nil || len(plan) != 1 || plan[0].ID != "SRV-REG-01" {
		t.Errorf("planned %v, %v", plan, err)
	}
	s.CaseIDs = []string{"SRV-KEY-07"}
	_, err = all.Plan(s)
	if unknown, ok := errors.AsType[*conformance.UnknownIDError](err); !ok || !strings.Contains(unknown.Hint, "requirements 0.1") {
		t.Errorf("a case of another set: %v", err)
	}
}

func TestFreezeNeverChangesASet(t *testing.T) {
	folder := t.TempDir()
	all, ed := catalogue(t), edition(t, spec.DefaultEdition)
	if err := conformance.Freeze(folder, "2.0", all, ed); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(folder, "2.0.txt"))
	if want := fmt.Sprintf("%s %s %s\n", all[0].ID, all[0].Level(ed), strings.Join(ids(all[0]), " ")); err != nil || !strings.Contains(string(text), want) {
		t.Errorf("no line %q, %v", want, err)
	}
	if err := conformance.Freeze(folder, "2.0", all, ed); err == nil {
		t.Error("a set was frozen twice")
	}
	if err := conformance.Freeze(folder, "two", all, ed); err == nil {
		t.Error("a set whose name is no version")
	}
}
