package conformance_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/xferspec/xferspec/conformance"
	"github.com/xferspec/xferspec/spec"
)

// If this fails, a clause has changed: see whether its cases still test what the
// text says, and then run 'xferspec list --acknowledge CLAUSE'.
func TestCasesTestWhatTheClausesSay(t *testing.T) {
	digests, err := conformance.AcknowledgedDigests()
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range digests.Stale(spec.Clauses()) {
		t.Errorf("%s %s since its cases were looked at", s.ID, s.What)
	}
}

func TestEveryChangeOfAClauseIsNoticed(t *testing.T) {
	clause := spec.Clause{ID: "REG-6", Level: spec.Must, Roles: spec.Server, Text: "A taken name is refused.", Line: 7}
	digests := conformance.Digests{"REG-6": conformance.ClauseDigest(clause)}
	for _, row := range []struct {
		want   string
		change func(c *spec.Clause)
	}{
		{"", func(c *spec.Clause) { c.Line = 8 }},
		{"REG-6 has changed", func(c *spec.Clause) { c.Text = "A taken name is granted." }},
		{"REG-6 has changed", func(c *spec.Clause) { c.Level = spec.Should }},
		{"REG-6 has changed", func(c *spec.Clause) { c.Roles = spec.Client }},
		{"REG-6 has changed", func(c *spec.Clause) { *c = spec.Clause{ID: "REG-6", Withdrawn: "it was wrong"} }},
		{"REG-7 is new, REG-6 is gone", func(c *spec.Clause) { c.ID = "REG-7" }},
	} {
		changed := clause
		row.change(&changed)
		var got []string
		for _, s := range digests.Stale([]spec.Clause{changed}) {
			got = append(got, s.ID+" "+s.What)
		}
		if text := strings.Join(got, ", "); text != row.want {
			t.Errorf("%+v: %q, want %q", changed, text, row.want)
		}
	}
}

func TestAcknowledgeNotesWhatTheTextSaysNow(t *testing.T) {
	path := filepath.Join(t.TempDir(), "clauses.digests")
	const before = "# remark\nREG-1 aa\nREG-2 bb\nREG-9 cc\n"
	if err := os.WriteFile(path, []byte(before), 0o600); err != nil {
		t.Fatal(err)
	}
	clauses := []spec.Clause{{ID: "REG-1", Text: "one"}, {ID: "REG-2", Text: "two"}, {ID: "REG-3", Text: "three"}}
	if err := conformance.AcknowledgeClauses(path, clauses, "REG-4"); err == nil || !strings.Contains(err.Error(), `unknown clause "REG-4"`) {
		t.Errorf("an unknown clause: %v", err)
	}
	if err := conformance.AcknowledgeClauses(path, clauses, "REG-1", "REG-3", "REG-9"); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"REG-1 " + conformance.ClauseDigest(clauses[0]), "REG-2 bb", "REG-3 " + conformance.ClauseDigest(clauses[2])}
	if got := strings.Split(strings.TrimSpace(string(b)), "\n")[1:]; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	for text, reason := range map[string]string{"REG-1\n": "line 1: want a clause", "REG-1 aa\nREG-1 bb\n": "line 2: REG-1 is there twice"} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := conformance.AcknowledgeClauses(path, clauses, "REG-1"); err == nil || !strings.Contains(err.Error(), reason) {
			t.Errorf("%q: %v, want %q", text, err, reason)
		}
	}
}
