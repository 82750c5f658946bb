//go:build linux

package endurance

import (
	"bytes"
	"crypto/sha256"
	"database/sql"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	_ "modernc.org/sqlite" // the driver "sqlite"

	"github.com/xferspec/xferspec/spec/wire"
)

// rows are what the server's database holds.
type rows struct {
	clients  map[wire.ID]clientRow
	verified map[string]bool // by client id, slash and file name
}

type clientRow struct {
	name           string
	publicKey, aes []byte
}

// openDatabase opens the server's database beside the server.
func openDatabase(t testing.TB, dir string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(dir, "defensive.db"))
	if err != nil {
		t.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	t.Cleanup(func() { _ = db.Close() })
	return db
}

// query has scan called for each row that a query finds.
func query(t testing.TB, db *sql.DB, text string, scan func(*sql.Rows) error) {
	t.Helper()
	found, err := db.Query(text)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = found.Close() }()
	for found.Next() {
		if err := scan(found); err != nil {
			t.Fatal(err)
		}
	}
	if err := found.Err(); err != nil {
		t.Fatal(err)
	}
}

func readDatabase(t testing.TB, dir string) rows {
	t.Helper()
	db := openDatabase(t, dir)
	defer func() { _ = db.Close() }() // before the server is killed: to close tidies up what belongs to the server
	r := rows{map[wire.ID]clientRow{}, map[string]bool{}}
	query(t, db, "SELECT id, name, public_key, aes_key FROM clients", func(found *sql.Rows) error {
		var id []byte
		var c clientRow
		err := found.Scan(&id, &c.name, &c.publicKey, &c.aes)
		r.clients[wire.ID(id)] = c
		return err
	})
	query(t, db, "SELECT id, file_name, verified FROM files", func(found *sql.Rows) error {
		var id []byte
		var name string
		var verified bool
		err := found.Scan(&id, &name, &verified)
		r.verified[wire.ID(id).String()+"/"+name] = verified
		return err
	})
	return r
}

// check compares what the server has of a client with what it has promised.
func (a *account) check(t *testing.T, dir string, r rows) {
	t.Helper()
	known, ok := r.clients[a.id]
	if !ok || known.name != a.name {
		t.Errorf("client %s, %q, was answered with 1600 and is not there: %q", a.id, a.name, known.name)
	}
	if a.aes != nil && known.publicKey == nil {
		t.Errorf("client %s was answered with 1602 and has no public key", a.id)
	}
	if !a.unsure && !bytes.Equal(known.aes, a.aes) {
		t.Errorf("client %s has another AES key than it was told", a.id)
	}
	for name, f := range a.files {
		verified, row := r.verified[a.id.String()+"/"+name]
		a.checkFile(t, storedAt(dir, a.id, name), f, row, verified)
	}
	a.checkNames(t, filepath.Dir(storedAt(dir, a.id, "f")))
}

// checkFile also settles what has become of a file that was under way.
func (a *account) checkFile(t *testing.T, path string, f *sent, row, verified bool) {
	t.Helper()
	content, err := os.ReadFile(path)
	sum := digest(sha256.Sum256(content))
	is := func(of *digest) bool { return err == nil && of != nil && sum == *of }
	switch {
	case is(f.underWay):
		if !row || verified {
			t.Errorf("%s was not answered, yet has a row %t, verified %t", path, row, verified)
		}
		*f = sent{received: f.underWay}
	case is(f.received):
		if !row {
			t.Errorf("%s was answered with 1603 and has no row", path)
		}
		if f.underWay == nil && !f.verifying && verified != f.verified {
			t.Errorf("%s counts as verified: %t, answered with 1604: %t", path, verified, f.verified)
		}
		*f = sent{received: f.received, verified: verified}
	case f.received != nil:
		t.Errorf("%s was answered with 1603 and is not whole: %d bytes, %v", path, len(content), err)
	case !errors.Is(err, fs.ErrNotExist):
		t.Errorf("%s is a part of a file: %d bytes, %v", path, len(content), err)
	case verified:
		t.Errorf("%s counts as verified and does not exist", path)
	default:
		*f = sent{}
	}
}

// checkNames expects no names but those that were sent.
func (a *account) checkNames(t *testing.T, folder string) {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
	for _, entry := range entries {
		if a.files[entry.Name()] == nil {
			t.Errorf("in %s there is a stray %s", folder, entry.Name())
		}
	}
}
