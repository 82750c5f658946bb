//go:build unix

package storage

import (
	"database/sql"
	"os"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"
	"time"
)

// TestHostileFolder: pipes, devices, links and huge files in a server's folder
// neither hold a look up nor fill the memory.
func TestHostileFolder(t *testing.T) {
	dir := t.TempDir()
	content := []byte("what is looked for, at least")
	try(t, os.WriteFile(filepath.Join(dir, "found"), content, 0o600))
	try(t, syscall.Mkfifo(filepath.Join(dir, "pipe"), 0o600))
	for name, to := range map[string]string{"zero": "/dev/zero", "root": "/", "up": "..", "huge.db-wal": "/dev/zero", "link.db": "/etc/passwd"} {
		try(t, os.Symlink(to, filepath.Join(dir, name)))
	}
	for name, head := range map[string]string{"huge": "", "huge.db": sqliteHeader} {
		try(t, os.WriteFile(filepath.Join(dir, name), []byte(head), 0o600))
		try(t, os.Truncate(filepath.Join(dir, name), 40<<30))
	}
	began, before := time.Now(), allocated()
	if paths := Find(dir, content); len(paths) != 1 || filepath.Base(paths[0]) != "found" {
		t.Errorf("found %v", paths)
	}
	if rows, found := Records(t.Context(), dir); len(rows) > 0 || !found {
		t.Errorf("%d rows, found %t", len(rows), found)
	}
	if took := time.Since(began); took > 30*time.Second {
		t.Errorf("it took %s", took)
	}
	if more := allocated() - before; more > 64<<20 {
		t.Errorf("it took %d MiB", more>>20)
	}
}

// TestHostileDatabase: a database of a few kilobytes whose rows compute to
// gigabytes.
func TestHostileDatabase(t *testing.T) {
	dir := t.TempDir()
	db, err := sql.Open("sqlite", filepath.Join(dir, "db"))
	try(t, err)
	for _, statement := range []string{
		`CREATE TABLE files (name TEXT, bomb AS (zeroblob(900000000)), verified INT)`,
		`CREATE TABLE small (name TEXT, wide AS (hex(zeroblob(200000))))`,
		`INSERT INTO files VALUES ('a.txt', 1)`,
		`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000) INSERT INTO small SELECT i FROM n`,
	} {
		_, err := db.ExecContext(t.Context(), statement)
		try(t, err)
	}
	try(t, db.Close())
	before := allocated()
	rows, found := Records(t.Context(), dir)
	if !found {
		t.Error("no database")
	}
	size := 0
	for _, r := range rows {
		for _, v := range r.Values {
			size += len(v)
		}
	}
	if size > maxRowBytes {
		t.Errorf("%d bytes of rows", size)
	}
	if more := allocated() - before; more > 1<<30 {
		t.Errorf("it took %d MiB", more>>20)
	}
}

// allocated is what was allocated so far, in bytes.
func allocated() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.TotalAlloc
}

func try(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
