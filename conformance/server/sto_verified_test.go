package server

import (
	"testing"

	"github.com/xferspec/xferspec/conformance/internal/storage"
)

func TestCompareFindsTheColumnThatSaysVerified(t *testing.T) {
	columns := []string{"name", "verified", "time"}
	other := []string{"name", "state", "time"}
	row := func(columns []string, values ...string) storage.Record {
		return storage.Record{Table: "files", Columns: columns, Values: values}
	}
	for _, test := range []struct {
		what          string
		before, after storage.Record
		column        string
		changed       bool
	}{
		{"by its name", row(columns, "a", "0", "1"), row(columns, "a", "1", "2"), "verified", true},
		{"by its change", row(other, "a", "0", "1"), row(other, "a", "1", "1"), "state", true},
		{"not if two have changed", row(other, "a", "0", "1"), row(other, "a", "1", "2"), "", true},
		{"not if another has changed", row(columns, "a", "1", "1"), row(columns, "a", "1", "2"), "", true},
		{"not if nothing has changed", row(columns, "a", "1", "1"), row(columns, "a", "1", "1"), "", false},
		{"not if there was no row", storage.Record{}, row(columns, "a", "1", "1"), "", true},
	} {
		m, changed := compare(test.before, test.after)
		if m.column != test.column || changed != test.changed {
			t.Errorf("%s: column %q, changed %t", test.what, m.column, changed)
		}
	}
}
