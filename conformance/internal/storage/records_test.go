package storage

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
	if rows, found := Records(t.Context(), dir); found || len(rows) > 0 {
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
	rows, found := Records(t.Context(), dir)
	if !found || len(rows) != 1 {
		t.Fatalf("got %v, %v, want one row", rows, found)
	}
	r := rows[0]
	if want := `of the server, table my "files`; r.Table != want {
		t.Errorf("table %q, want %q", r.Table, want)
	}
	if want := []string{"owner", "title", "ok", "more"}; !slices.Equal(r.Columns, want) {
		t.Errorf("columns %q, want %q", r.Columns, want)
	}
	if r.Values[0] != "\x00\xff" || !r.Names("a.txt") || !IsTrue(r.Values[2]) || r.Values[3] != "<nil>" {
		t.Errorf("values %q", r.Values)
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
		r := Record{Columns: []string{"x"}, Values: []string{row.value}}
		if r.Names("client-1") != row.named || r.Identifies(id) != row.identified {
			t.Errorf("%q: named %t, identified %t", row.value, r.Names("client-1"), r.Identifies(id))
		}
	}
}

// A server's database is read as far as that is possible, whatever is in it.
func FuzzRecords(f *testing.F) {
	path := filepath.Join(f.TempDir(), "db")
	db, err := sql.Open("sqlite", path)
	if err != nil {
		f.Fatal(err)
	}
	if _, err := db.ExecContext(f.Context(), `CREATE TABLE files (id BLOB, name TEXT); INSERT INTO files VALUES (x'00ff', 'a.txt')`); err != nil {
		f.Fatal(err)
	}
	if err := db.Close(); err != nil {
		f.Fatal(err)
	}
	file, err := os.ReadFile(path)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(file)
	f.Add([]byte(sqliteHeader))
	f.Fuzz(func(t *testing.T, file []byte) {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "db"), file, 0o600); err != nil {
			t.Fatal(err)
		}
		rows, _ := Records(t.Context(), dir)
		for _, r := range rows {
			if len(r.Columns) != len(r.Values) {
				t.Errorf("%d columns, %d values", len(r.Columns), len(r.Values))
			}
			_, _ = r.Names("a.txt"), r.VerifiedColumn()
		}
	})
}
