package store

import (
	"context"
	"database/sql"
)

// queries are the prepared statements that change the database.
type queries struct {
	begin, commit, rollback            *sql.Stmt
	register, seen, setKeys, setAESKey *sql.Stmt
	keep, verify, forget               *sql.Stmt
}

// now is the time of a statement in SQL.
const now = `strftime('%Y-%m-%dT%H:%M:%fZ', 'now')`

// all returns their texts, by where each is kept.
func (q *queries) all() map[**sql.Stmt]string {
	return map[**sql.Stmt]string{
		&q.begin:    `BEGIN IMMEDIATE`,
		&q.commit:   `COMMIT`,
		&q.rollback: `ROLLBACK`,

		&q.register: `INSERT INTO clients (id, name, last_seen) VALUES (?, ?, ` + now + `)
			ON CONFLICT (name) DO NOTHING`,
		&q.seen:      `UPDATE clients SET last_seen = ` + now + ` WHERE id = ?`,
		&q.setKeys:   `UPDATE clients SET public_key = ?, aes_key = ? WHERE id = ?`,
		&q.setAESKey: `UPDATE clients SET aes_key = ? WHERE id = ?`,

		&q.keep: `INSERT INTO files (id, file_name, path, verified) VALUES (?, ?, ?, 0)
			ON CONFLICT (id, file_name) DO UPDATE SET path = excluded.path, verified = 0`,
		&q.verify: `UPDATE files SET verified = 1 WHERE id = ? AND file_name = ?`,
		&q.forget: `DELETE FROM files WHERE id = ? AND file_name = ? AND verified = 0`,
	}
}

func (q *queries) prepare(ctx context.Context, conn *sql.Conn) error {
	return prepare(ctx, conn, q.all())
}

// close closes those that are prepared. Without it SQLite would keep the database
// open, since database/sql leaves the statements of a connection to us.
func (q *queries) close() {
	for stmt := range q.all() {
		if *stmt != nil {
			_ = (*stmt).Close() // only frees memory
		}
	}
}

// lookups are the prepared statements that only read. They wait for nobody.
type lookups struct {
	client, file *sql.Stmt
}

func (l *lookups) prepare(ctx context.Context, db *sql.DB) error {
	return prepare(ctx, db, map[**sql.Stmt]string{
		&l.client: `SELECT name, public_key, aes_key FROM clients WHERE id = ?`,
		&l.file:   `SELECT path, verified FROM files WHERE id = ? AND file_name = ?`,
	})
}

type preparer interface {
	PrepareContext(ctx context.Context, query string) (*sql.Stmt, error)
}

func prepare(ctx context.Context, on preparer, statements map[**sql.Stmt]string) error {
	for stmt, text := range statements {
		prepared, err := on.PrepareContext(ctx, text) //nolint:sqlclosecheck // lives as long as its connection
		if err != nil {
			return err
		}
		*stmt = prepared
	}
	return nil
}

// exec runs a statement that changes at most one row and says whether it did.
func exec(ctx context.Context, stmt *sql.Stmt, args ...any) (bool, error) {
	result, err := stmt.ExecContext(ctx, args...)
	if err != nil {
		return false, err
	}
	n, err := result.RowsAffected()
	return n > 0, err
}
