package store

import (
	"context"
	"database/sql"
	"fmt"
)

// queries are the prepared statements. Each is a transaction of its own.
type queries struct {
	register, seen, setKeys, setAESKey *sql.Stmt
	doubt, keep, verify, forget        *sql.Stmt
}

// now is the time of a statement in SQL.
const now = `strftime('%Y-%m-%dT%H:%M:%fZ', 'now')`

func (q *queries) prepare(ctx context.Context, db, notes *sql.DB) error {
	for _, query := range []struct {
		on   *sql.DB
		stmt **sql.Stmt
		text string
	}{
		{db, &q.register, `INSERT INTO clients (id, name, last_seen) VALUES (?, ?, ` + now + `)
			ON CONFLICT (name) DO NOTHING`},
		{notes, &q.seen, `UPDATE clients SET last_seen = ` + now + ` WHERE id = ? RETURNING name, public_key, aes_key`},
		{db, &q.setKeys, `UPDATE clients SET public_key = ?, aes_key = ? WHERE id = ?`},
		{db, &q.setAESKey, `UPDATE clients SET aes_key = ? WHERE id = ?`},

		{db, &q.doubt, `UPDATE files SET verified = 0 WHERE id = ? AND file_name = ? AND verified = 1`},
		{db, &q.keep, `INSERT INTO files (id, file_name, path, verified) VALUES (?, ?, ?, 0)
			ON CONFLICT (id, file_name) DO UPDATE SET path = excluded.path, verified = 0`},
		{db, &q.verify, `UPDATE files SET verified = 1 WHERE id = ? AND file_name = ?`},
		{db, &q.forget, `DELETE FROM files WHERE id = ? AND file_name = ? AND verified = 0 RETURNING path`},
	} {
		stmt, err := query.on.PrepareContext(ctx, query.text) //nolint:sqlclosecheck // lives as long as its database
		if err != nil {
			return fmt.Errorf("not a database of this server: %w", err)
		}
		*query.stmt = stmt
	}
	return nil
}

// change runs a statement that changes at most one row and says whether it did.
func change(ctx context.Context, stmt *sql.Stmt, args ...any) (bool, error) {
	result, err := stmt.ExecContext(ctx, args...)
	if err != nil {
		return false, err
	}
	n, err := result.RowsAffected()
	return n > 0, err
}
