package explain

import (
	"slices"
	"strings"
	"testing"

	"github.com/xferspec/xferspec/spec"
)

func TestEveryClauseHasOneReason(t *testing.T) {
	seen := map[string]int{}
	for _, w := range load().whys {
		if !strings.HasSuffix(w.Text, ".") || len(w.Clauses) == 0 {
			t.Errorf("why.yaml: %v: %q is no sentence about a clause", w.Clauses, w.Text)
		}
		for _, id := range w.Clauses {
			seen[id]++
		}
		for _, name := range w.Layouts {
			if name != requestHeader && name != responseHeader && messageNamed(name) == spec.TypeUnknown {
				t.Errorf("why.yaml: %v: there is no layout %q", w.Clauses, name)
			}
		}
	}
	for _, c := range spec.Clauses() {
		if seen[c.ID] != 1 && c.Withdrawn == "" {
			t.Errorf("why.yaml has %d entries for %s", seen[c.ID], c.ID)
		}
		delete(seen, c.ID)
	}
	for id := range seen {
		t.Errorf("why.yaml is about %s, which there is not", id)
	}
}

func TestEveryMustHasACauseInTheLanguageOfItsRole(t *testing.T) {
	for _, c := range spec.Clauses() {
		if c.Level != spec.Must {
			continue
		}
		causes := Causes(c.ID)
		for _, role := range []spec.Role{spec.Server, spec.Client} {
			language := map[spec.Role]string{spec.Server: "Python", spec.Client: "C++"}[role]
			has := func(cause Cause) bool {
				snippets := cause.Snippets(role)
				return len(snippets) > 0 && snippets[0].Language == language
			}
			if c.Roles.Has(role) && !slices.ContainsFunc(causes, has) {
				t.Errorf("%s binds the %s and has no cause with a snippet in %s", c.ID, role, language)
			}
		}
	}
}

func TestCausesAreWellFormed(t *testing.T) {
	seen := map[string]bool{}
	for _, c := range load().causes {
		switch {
		case seen[c.ID]:
			t.Errorf("cause %s is there twice", c.ID)
		case c.ID == "" || c.Title == "" || c.Effect == "" || len(c.Clauses) == 0:
			t.Errorf("cause %q is not complete: %+v", c.ID, c)
		case len(c.Snippets(spec.Server)) == 0:
			t.Errorf("cause %s has no snippet", c.ID)
		}
		seen[c.ID] = true
		for i, id := range c.Clauses {
			clause, ok := spec.LookupClause(id)
			if !ok || clause.Withdrawn != "" || slices.Contains(c.Clauses[:i], id) {
				t.Errorf("cause %s names %s, which there is not, or twice", c.ID, id)
			}
		}
	}
}

func TestTheClosestCauseComesFirst(t *testing.T) {
	for id, want := range map[string]string{"FRM-5": "one-recv", "CRC-1": "zlib-crc", "KEY-1": "public-key-format", "FIL-19": "name-as-path"} {
		if causes := Causes(id); len(causes) == 0 || causes[0].ID != want {
			t.Errorf("%s: %v", id, causes)
		}
	}
	if causes := Causes("XYZ-1"); causes != nil {
		t.Errorf("causes of no clause: %v", causes)
	}
}
