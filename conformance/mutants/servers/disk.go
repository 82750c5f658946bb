package servers

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"sync"

	_ "modernc.org/sqlite" // the driver "sqlite"

	"github.com/xferspec/xferspec/spec/wire"
)

// database is the reference's, seen from beside it. It is opened when it is first
// needed.
type database struct {
	mu sync.Mutex
	db *sql.DB
}

func (d *database) open(name string) *sql.DB {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.db == nil {
		db, err := sql.Open("sqlite", "file:"+name+"?_pragma=busy_timeout(5000)")
		if err != nil {
			panic("servers: " + err.Error())
		}
		db.SetMaxOpenConns(1)
		d.db = db
	}
	return d.db
}

func (d *database) close() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.db == nil {
		return nil
	}
	return d.db.Close()
}

// exec changes the database. What the tables do not allow stays undone.
func (p *process) exec(statement string, args ...any) {
	_, _ = p.database.open(p.edition.Database).ExecContext(context.Background(), statement, args...)
}

// query reads one value; nil if there is none.
func (p *process) query(statement string, args ...any) (value []byte) {
	err := p.database.open(p.edition.Database).QueryRowContext(context.Background(), statement, args...).Scan(&value)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	return value
}

// aesKey returns the AES key that a client was handed out last, nil if none.
func (p *process) aesKey(client wire.ID) []byte {
	return p.query("SELECT aes_key FROM clients WHERE id = ?", client[:])
}

// publicKey returns a client's public key in DER, nil if none.
func (p *process) publicKey(client wire.ID) []byte {
	return p.query("SELECT public_key FROM clients WHERE id = ?", client[:])
}

// name returns the name of a client, "" if there is no such client.
func (p *process) name(client wire.ID) string {
	return string(p.query("SELECT name FROM clients WHERE id = ?", client[:]))
}

// path returns where the reference keeps a file that has arrived.
func path(client wire.ID, file string) string {
	return filepath.Join("clients", client.String(), "files", file)
}

// stored returns the content of a file that has arrived, nil if there is none.
func stored(client wire.ID, file string) []byte {
	content, err := os.ReadFile(path(client, file))
	if err != nil {
		return nil
	}
	return content
}

// overwrite replaces a file, and makes its folder if need be.
func overwrite(path string, content []byte) {
	_ = os.MkdirAll(filepath.Dir(path), 0o700)
	_ = os.WriteFile(path, content, 0o600)
}
