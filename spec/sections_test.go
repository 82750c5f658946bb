package spec

import (
	"slices"
	"strings"
	"testing"
)

func TestGroupTitles(t *testing.T) {
	for _, c := range Clauses() {
		if title, ok := GroupTitle(c.Group()); !ok || title == "" {
			t.Errorf("the group of %s has no title", c.ID)
		}
	}
	if title, _ := GroupTitle("REG"); title != "registration" {
		t.Errorf("REG is titled %q", title)
	}
	if title, ok := GroupTitle("XYZ"); ok {
		t.Errorf("there is a group XYZ, %q", title)
	}
}

// TestReadingsAreThoseOfTheText counts what the table has, so that a row that
// is not parsed is missed.
func TestReadingsAreThoseOfTheText(t *testing.T) {
	want := 0
	for _, row := range tableRows(t, "### 2.5 Clauses that read differently") {
		editions := strings.Split(strings.ReplaceAll(row[0], "`", ""), ", ")
		for _, name := range editions {
			ed, err := LookupEdition(name)
			if err != nil {
				t.Fatal(err)
			}
			for _, id := range strings.Split(row[1], ", ") {
				want++
				if _, ok := LookupClause(id); !ok {
					t.Errorf("section 2.5 is about %s, which there is not", id)
				}
				if got := ed.Readings(id); !slices.Contains(got, row[2]) {
					t.Errorf("%s in %s reads %q, without %q", id, name, got, row[2])
				}
			}
		}
	}
	got := 0
	for _, readings := range sections().readings {
		got += len(readings)
	}
	if got != want || want == 0 {
		t.Errorf("%d readings, the table has %d", got, want)
	}
	ed, err := LookupEdition(DefaultEdition)
	if err != nil {
		t.Fatal(err)
	}
	if got := ed.Readings("FIL-3"); len(got) > 0 {
		t.Errorf("FIL-3 reads otherwise in the default edition: %q", got)
	}
}

func TestMessagesInAClause(t *testing.T) {
	for id, want := range map[string][]MessageType{
		"REG-1": {TypeRegister},
		"KEY-9": {TypeKeyAccepted, TypeLoginAccepted, TypeFileReceived, TypeThanks},
		"FIL-5": nil, // its 1024 is a size
		"FRM-1": nil,
	} {
		c, _ := LookupClause(id)
		if got := c.Messages(); !slices.Equal(got, want) {
			t.Errorf("%s names %v, want %v", id, got, want)
		}
	}
}
