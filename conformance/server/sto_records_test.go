package server

import (
	"database/sql"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/xferspec/xferspec/spec/wire"
)

func TestRecordsReadsADatabaseInUse(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "no.db"), []byte("SQLite"), 0o600); err != nil {
		t.Fatal(err)
	}
	if rows, found := records(t.Context(), dir); found || len(rows) > 0 {
		t.Errorf("without a database: %v, %v", rows, found)
	}
	db, err := sql.Open("sqlite", filepath.Join(dir, "of the server"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	for _, statement := range []string{
		`PRAGMA journal_mode = WAL`,
		`CREATE TABLE "my ""files" (owner BLOB, title TEXT, ok BOOLEAN, more)`,
		`INSERT INTO "my ""files" VALUES (x'00ff', 'a.txt', 1, NULL)`, // stays in the log
	} {
		if _, err := db.ExecContext(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	rows, found := records(t.Context(), dir)
	if !found || len(rows) != 1 {
		t.Fatalf("got %v, %v, want one row", rows, found)
	}
	r := rows[0]
	if want := `of the server, table my "files`; r.table != want {
		t.Errorf("table %q, want %q", r.table, want)
	}
	if want := []string{"owner", "title", "ok", "more"}; !slices.Equal(r.columns, want) {
		t.Errorf("columns %q, want %q", r.columns, want)
	}
	if r.values[0] != "\x00\xff" || !r.names("a.txt") || !isTrue(r.values[2]) || r.values[3] != "<nil>" {
		t.Errorf("values %q", r.values)
	}
}

func TestRowsAreFoundByNameAndID(t *testing.T) {
	id := wire.ID{0xab, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}
	for _, row := range []struct {
		value             string
		named, identified bool
	}{
		{"client-1", true, false},
		{"client-1\x00\x00\x00", true, false},
		{"/data/client-1/x", true, false},
		{"client-12", false, false},
		{"client-12,client-1", true, false},
		{"", false, false},
		{string(id[:]), false, true},
		{"AB0102030405060708090A0B0C0D0E0F", false, true},
		{"ab010203-0405-0607-0809-0a0b0c0d0e0f", false, true},
		{"ab010203", false, false},
	} {
		r := record{columns: []string{"x"}, values: []string{row.value}}
		if r.names("client-1") != row.named || r.identifies(id) != row.identified {
			t.Errorf("%q: named %t, identified %t", row.value, r.names("client-1"), r.identifies(id))
		}
	}
}

func TestCompareFindsTheColumnThatSaysVerified(t *testing.T) {
	columns := []string{"name", "verified", "time"}
	other := []string{"name", "state", "time"}
	row := func(columns []string, values ...string) record { return record{"files", columns, values} }
	for _, test := range []struct {
		what          string
		before, after record
		column        string
		changed       bool
	}{
		{"by its name", row(columns, "a", "0", "1"), row(columns, "a", "1", "2"), "verified", true},
		{"by its change", row(other, "a", "0", "1"), row(other, "a", "1", "1"), "state", true},
		{"not if two have changed", row(other, "a", "0", "1"), row(other, "a", "1", "2"), "", true},
		{"not if another has changed", row(columns, "a", "1", "1"), row(columns, "a", "1", "2"), "", true},
		{"not if nothing has changed", row(columns, "a", "1", "1"), row(columns, "a", "1", "1"), "", false},
		{"not if there was no row", record{}, row(columns, "a", "1", "1"), "", true},
	} {
		m, changed := compare(test.before, test.after)
		if m.column != test.column || changed != test.changed {
			t.Errorf("%s: column %q, changed %t", test.what, m.column, changed)
		}
	}
}
