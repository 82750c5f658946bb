package spec

import (
	"errors"
	"slices"
	"strings"
	"testing"
)

const both = Server | Client

// wantClauses is the protocol's table of clauses, kept here a second time on
// purpose: ids, levels and roles are permanent, and a slip of the pen in the
// text must not change them.
var wantClauses = map[string]map[Level]map[Role][]int{
	"FRM": {
		Must: {
			both:   {1, 4, 5, 8, 9},
			Client: {2},
			Server: {3, 6, 7, 12, 13, 14},
		},
		Should: {both: {10}, Server: {11, 15, 16, 17}},
	},
	"VER": {Must: {Server: {1, 3}, Client: {2, 4}}},
	"ERR": {Must: {Server: {1, 2, 3, 4, 5}}, Should: {Server: {6}}},
	"REG": {Must: {Client: {1}, Server: {2, 3, 4, 6, 9}}, Should: {Server: {5, 7, 8}}},
	"KEY": {Must: {Client: {1, 8}, Server: {2, 3, 4, 5, 6, 7, 9}}, Should: {Server: {10, 11}}},
	"LGN": {Must: {Client: {1, 8, 9}, Server: {2, 3, 4, 5, 7}}, Should: {Server: {6}}},
	"FIL": {
		Must: {
			Client: {1, 2, 3, 4, 5, 22, 24},
			Server: {7, 8, 9, 10, 11, 12, 13, 15, 16, 17, 18, 19, 20, 21},
		},
		Should: {Client: {6, 28, 29}, Server: {14, 23, 25, 26, 27}},
	},
	"CRC": {Must: {both: {1}, Server: {2, 3, 4, 8, 9}, Client: {5, 6, 7}}},
	"STO": {Must: {Server: {1, 2, 4, 6}}, Should: {Server: {3, 5, 7, 8, 9}}},
	"CFG": {Must: {Client: {1, 2, 3, 4, 5}}, Should: {Client: {6, 7, 8, 9, 10, 11}}},
	"RTY": {Must: {Client: {1, 2, 3, 5}}, Should: {Client: {4, 6, 7, 8}}},
	"SEC": {Must: {Client: {1, 2}}, Should: {Client: {3, 4}}},
}

var wantCounts = map[string]int{
	"FRM": 17, "VER": 4, "ERR": 6, "REG": 9, "KEY": 11, "LGN": 9,
	"FIL": 29, "CRC": 9, "STO": 9, "CFG": 11, "RTY": 8, "SEC": 4,
}

func TestClausesAreThoseOfTheTable(t *testing.T) {
	counts := map[string]int{}
	lines := strings.Split(protocolText, "\n")
	for _, c := range Clauses() {
		counts[c.Group()]++
		group := wantClauses[c.Group()]
		if !slices.ContainsFunc(group[c.Level][c.Roles], func(n int) bool { return c.ID == clauseID(c.Group(), n) }) {
			t.Errorf("%s is not in the table as %v · %v", c.ID, c.Level, c.Roles)
		}
		if !strings.HasPrefix(lines[c.Line-1], "- **"+c.ID+"** ") {
			t.Errorf("%s is not in line %d", c.ID, c.Line)
		}
		if c.Text == "" || strings.ContainsAny(c.Text, "\r\n") || strings.Contains(c.Text, "  ") || !strings.HasSuffix(c.Text, ".") {
			t.Errorf("%s is not a plain sentence: %q", c.ID, c.Text)
		}
	}
	for group, want := range wantCounts {
		if counts[group] != want {
			t.Errorf("group %s has %d clauses, want %d", group, counts[group], want)
		}
	}
	if len(counts) != len(wantCounts) {
		t.Errorf("groups %v, want %v", counts, wantCounts)
	}
}

func TestLookupClause(t *testing.T) {
	c, ok := LookupClause("REG-6")
	if !ok || c.ID != "REG-6" || c.Level != Must || c.Roles != Server {
		t.Errorf("REG-6 is %+v, %v", c, ok)
	}
	for _, id := range []string{"", "REG", "REG-0", "REG-06", "reg-6", "XXX-1"} {
		if c, ok := LookupClause(id); ok {
			t.Errorf("LookupClause(%q) = %+v, want none", id, c)
		}
	}
}

func TestClausesReturnsACopy(t *testing.T) {
	Clauses()[0].ID = "changed"
	if got := Clauses()[0].ID; got != "FRM-1" {
		t.Errorf("the first clause is now %q", got)
	}
}

func TestLevelAndRole(t *testing.T) {
	if min(Must, Should) != Should {
		t.Error("SHOULD is not weaker than MUST")
	}
	if !both.Has(Server) || !both.Has(Client) || Server.Has(Client) || Client.Has(both) {
		t.Error("Has is wrong")
	}
	for got, want := range map[string]string{
		Must.String(): "MUST", Should.String(): "SHOULD", Level(9).String(): "level 9",
		Server.String(): "server", Client.String(): "client", both.String(): "server, client", Role(0).String(): "role 0",
	} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestParseClausesForm(t *testing.T) {
	text := `# Title

### ABC — a group

- **ABC-2** MUST · server, client: First line with a ` + "`colon: inside`" + `
  and a second.

  This paragraph explains the item and is not its text.

#### A heading inside the group

` + "```" + `
- **ABC-3** this is an example
` + "```" + `
- **ABC-5** withdrawn: it contradicted
  the other one.
- a list item that is no clause
### DEF — another
- **DEF-1** SHOULD · client: Under **way** · now.
`
	want := []Clause{
		{ID: "ABC-2", Level: Must, Roles: both, Text: "First line with a `colon: inside` and a second.", Line: 5},
		{ID: "ABC-5", Line: 15, Withdrawn: "it contradicted the other one."},
		{ID: "DEF-1", Level: Should, Roles: Client, Text: "Under **way** · now.", Line: 19},
	}
	for name, text := range map[string]string{"LF": text, "CRLF": strings.ReplaceAll(text, "\n", "\r\n")} {
		got, err := ParseClauses(text)
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("%s: got %+v, %v\nwant %+v", name, got, err, want)
		}
	}
}

func TestParseClausesErrors(t *testing.T) {
	const head = "### REG — registration\n\n" // the clause is in line 3
	const good = "- **REG-2** MUST · server: Text.\n"
	tests := []struct {
		name, text string
		line       int
		id         string
		want       error
	}{
		{"duplicate", head + good + good, 4, "REG-2", ErrClauseDuplicate},
		{"duplicate of a withdrawn one", head + "- **REG-2** withdrawn: why.\n" + good, 4, "REG-2", ErrClauseDuplicate},
		{"order", head + good + "- **REG-1** MUST · server: Text.", 4, "REG-1", ErrClauseOrder},
		{"other group", head + "- **KEY-1** MUST · server: Text.", 3, "KEY-1", ErrClauseGroup},
		{"before any group", good, 1, "REG-2", ErrClauseGroup},
		{"after the group's section", head + "## Next\n" + good, 4, "REG-2", ErrClauseGroup},
		{"unknown level", head + "- **REG-2** MAY · server: Text.", 3, "REG-2", ErrUnknownLevel},
		{"level in lower case", head + "- **REG-2** must · server: Text.", 3, "REG-2", ErrUnknownLevel},
		{"unknown role", head + "- **REG-2** MUST · proxy: Text.", 3, "REG-2", ErrUnknownRole},
		{"roles in another order", head + "- **REG-2** MUST · client, server: Text.", 3, "REG-2", ErrUnknownRole},
		{"one role twice", head + "- **REG-2** MUST · server, server: Text.", 3, "REG-2", ErrUnknownRole},
		{"no text", head + "- **REG-2** MUST · server:", 3, "REG-2", ErrClauseMalformed},
		{"no role", head + "- **REG-2** MUST: Text.", 3, "REG-2", ErrClauseMalformed},
		{"hyphen for the dot", head + "- **REG-2** MUST - server: Text.", 3, "REG-2", ErrClauseMalformed},
		{"withdrawn without a reason", head + "- **REG-2** withdrawn: ", 3, "REG-2", ErrClauseMalformed},
		{"not bold", head + "- REG-2 MUST · server: Text.", 3, "REG-2", ErrClauseMalformed},
		{"not a list item", head + "**REG-2** MUST · server: Text.", 3, "REG-2", ErrClauseMalformed},
		{"numbered list", head + "1. **REG-2** MUST · server: Text.", 3, "REG-2", ErrClauseMalformed},
		{"other bullet", head + "* **REG-2** MUST · server: Text.", 3, "REG-2", ErrClauseMalformed},
		{"nested", head + good + "  - **REG-3** MUST · server: Text.", 4, "REG-3", ErrClauseMalformed},
		{"leading zero", head + "- **REG-02** MUST · server: Text.", 3, "REG-02", ErrClauseMalformed},
		{"long number", head + "- **REG-99999999999999999999** MUST · server: Text.", 3, "REG-99999999999999999999", ErrClauseMalformed},
		{"lower case", head + "- **reg-2** MUST · server: Text.", 3, "reg-2", ErrClauseMalformed},
		{"lazy continuation", head + good + "more", 4, "REG-2", ErrClauseIndent},
		{"one space of indent", head + good + " more", 4, "REG-2", ErrClauseIndent},
		{"open code block", head + "```\n" + good, 3, "", ErrUnclosedCode},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			clauses, err := ParseClauses(tt.text)
			var fault *ClauseError
			if !errors.As(err, &fault) {
				t.Fatalf("got %+v, %v; want a *ClauseError", clauses, err)
			}
			if fault.Line != tt.line || fault.ID != tt.id || !errors.Is(err, tt.want) {
				t.Errorf("got line %d, id %q, %v; want line %d, id %q, %v", fault.Line, fault.ID, fault.Err, tt.line, tt.id, tt.want)
			}
		})
	}
}

func TestClauseErrorNamesThePlace(t *testing.T) {
	_, err := ParseClauses("\n- **REG-2** MUST · server: Text.")
	if want := "protocol.md:2: REG-2: the clause is not under the heading of its group"; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	_, err = ParseClauses("```")
	if want := "protocol.md:1: the code block that begins here is never closed"; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

func FuzzParseClauses(f *testing.F) {
	f.Add("# Title\n### REG — registration\n- **REG-1** SHOULD · server, client: Text.\n\nProse.\n- item\n## End\n")
	f.Add("### REG — registration\n- **REG-2** MUST · server: Text\n  more.\n")
	f.Add("### REG — registration\n- **REG-2** withdrawn: why\n```\n- **REG-3**")
	f.Add("- **REG-2** \xff\xfe · \x00:")
	f.Fuzz(func(t *testing.T, text string) {
		clauses, err := ParseClauses(text)
		if err != nil {
			var fault *ClauseError
			if !errors.As(err, &fault) || fault.Line < 1 || fault.Line > strings.Count(text, "\n")+1 {
				t.Fatalf("the error does not name a line of the text: %v", err)
			}
			return
		}
		seen := map[string]bool{}
		for _, c := range clauses {
			if seen[c.ID] || c.Group() == "" || (c.Withdrawn == "") != (c.Text != "" && c.Level != 0 && c.Roles != 0) {
				t.Fatalf("clause is half filled or a duplicate: %+v", c)
			}
			seen[c.ID] = true
		}
	})
}
