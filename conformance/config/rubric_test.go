package config

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/xferspec/xferspec/conformance/internal/limited"
	"github.com/xferspec/xferspec/spec"
)

func TestDefaultRubric(t *testing.T) {
	rubric, err := ReadRubric("")
	if err != nil {
		t.Fatal(err)
	}
	total := 0.0
	for _, ed := range spec.Editions() {
		for _, part := range rubric.Parts {
			if ed.Name == spec.DefaultEdition {
				total += part.Points
			}
			for _, id := range part.IDs(ed) {
				if c, _ := spec.LookupClause(id); ed.Level(c) != spec.Must {
					t.Errorf("%s, %s: %s is no MUST", ed.Name, part.Name, id)
				}
			}
		}
	}
	if total != 100 {
		t.Errorf("%g points in all", total)
	}
}

// TestDefaultRubricIsWhole wants every MUST to be worth something, once.
func TestDefaultRubricIsWhole(t *testing.T) {
	rubric, err := ReadRubric("")
	if err != nil {
		t.Fatal(err)
	}
	ed, err := spec.LookupEdition(spec.DefaultEdition)
	if err != nil {
		t.Fatal(err)
	}
	for name, role := range map[string]spec.Role{"server": spec.Server, "client": spec.Client} {
		var worth []string
		for _, part := range rubric.Parts {
			if part.Role == name {
				worth = append(worth, part.IDs(ed)...)
			}
		}
		for _, c := range spec.Clauses() {
			n := len(slices.DeleteFunc(slices.Clone(worth), func(id string) bool { return id != c.ID }))
			want := 0
			if c.Withdrawn == "" && c.Roles.Has(role) && ed.Level(c) == spec.Must && ed.Excludes(c.ID) == "" {
				want = 1
			}
			if n != want {
				t.Errorf("%s of a %s is in %d parts, want %d", c.ID, name, n, want)
			}
		}
	}
}

func TestRubricSaysWhereItIsWrong(t *testing.T) {
	const head = "name: n\nparts:\n  - name: a\n    role: server\n    points: 3\n"
	for _, test := range []struct {
		text, reason string
		line, column int
	}{
		{head + "    clauses: [REG, REG-77]\n", "unknown clause", 6, 20},
		{head + "    clauses: [CFG-1]\n", "does not bind a server", 6, 15},
		{head + "    clauses: [CFG]\n", "no MUST clause", 6, 15},
		{head + "    clauses: [REG]\n    rule: some\n", "rule", 7, 11},
		{strings.Replace(head, "3", "-3", 1) + "    clauses: [REG]\n", "points", 5, 13},
		{head, "clauses", 3, 5},
		{"name: n\n", "parts", 1, 1},
	} {
		path := filepath.Join(t.TempDir(), "rubric.yaml")
		if err := os.WriteFile(path, []byte(test.text), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := ReadRubric(path)
		fault, ok := errors.AsType[*Error](err)
		if !ok || fault.Line != test.line || fault.Column != test.column || !strings.Contains(fault.Reason, test.reason) {
			t.Errorf("%q: %v, want %q at %d:%d", test.text, err, test.reason, test.line, test.column)
		}
	}
}

// A rubric comes from the same editors as an xferspec.yaml, and ends like it.
func TestRubricIsReadLikeOtherFiles(t *testing.T) {
	text := "\ufeff" + strings.ReplaceAll(string(DefaultRubric), "\n", "\r\n")
	if _, err := ReadRubric(write(t, text)); err != nil {
		t.Errorf("from Windows: %v", err)
	}
	_, err := ReadRubric(write(t, "\xff\xfen\x00"))
	if fault, ok := errors.AsType[*Error](err); !ok || !strings.Contains(fault.Reason, "UTF-16") {
		t.Errorf("in UTF-16: %v", err)
	}
	_, err = ReadRubric(write(t, strings.Repeat("#", limited.Setting+1)))
	if fault, ok := errors.AsType[*Error](err); !ok || !strings.Contains(fault.Reason, "more than") {
		t.Errorf("too long: %v", err)
	}
}
