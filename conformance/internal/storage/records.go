package storage

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"modernc.org/sqlite"

	"github.com/xferspec/xferspec/harness/target"
	"github.com/xferspec/xferspec/spec/wire"
)

// Record is a row of a table in one of a server's databases.
type Record struct {
	Table   string // with the database that it is in
	Columns []string
	Values  []string // texts and blobs as they are, NULL as <nil>
}

// sqliteHeader begins every SQLite database.
const sqliteHeader = "SQLite format 3\x00"

// Bounds of what is read of one database. A row may be computed by the database,
// and be far larger than the file that it is in.
const (
	maxDatabase = 256 << 20       // bytes of each of its files
	maxValue    = 1 << 20         // bytes of a text or blob; what is longer cannot be read
	maxRows     = 100_000         // of all tables
	maxRowBytes = 64 << 20        // of their values
	maxReading  = 5 * time.Second // for all of it
)

// Records returns all rows of all SQLite databases below a folder, read from
// copies, and whether there is a database at all. What cannot be read now is
// left out: whoever looks tries again.
func Records(ctx context.Context, dir string) (rows []Record, found bool) {
	limited, cancel := context.WithTimeout(ctx, maxReading)
	defer cancel()
	files(dir, func(path string) {
		if begins(dir, path) {
			found = true
			more, _ := readDatabase(limited, dir, path)
			rows = append(rows, more...)
		}
	})
	return rows, found
}

// begins says whether a file begins as a database does.
func begins(dir, path string) bool {
	f, err := target.Open(dir, path)
	if err != nil {
		return false
	}
	defer func() { _ = f.Close() }()
	b := make([]byte, len(sqliteHeader))
	n, _ := f.Read(b)
	return string(b[:n]) == sqliteHeader
}

// readDatabase reads a copy of a database, so that neither its locks nor its
// write-ahead log are touched.
func readDatabase(ctx context.Context, folder, path string) (rows []Record, err error) {
	dir, err := os.MkdirTemp("", "xferspec-database-*")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	if err := copyDatabase(dir, folder, path); err != nil {
		return nil, err
	}
	db, err := sql.Open("sqlite", filepath.Join(dir, "db")+"?_pragma=trusted_schema(OFF)")
	if err != nil {
		return nil, err
	}
	defer func() { _ = db.Close() }()
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { _ = conn.Close() }()
	if _, err := sqlite.Limit(conn, limitLength, maxValue); err != nil {
		return nil, err
	}
	room := budget{rows: maxRows, bytes: maxRowBytes}
	for _, table := range tables(ctx, conn) {
		more, err := readTable(ctx, conn, table, &room)
		if err != nil {
			return nil, err
		}
		for i := range more {
			more[i].Table = filepath.Base(path) + ", table " + table
		}
		rows = append(rows, more...)
	}
	return rows, nil
}

// limitLength is SQLite's number for the limit on texts and blobs.
const limitLength = 0

// copyDatabase copies a database as "db" into dir.
func copyDatabase(dir, folder, path string) error {
	for _, suffix := range []string{"-journal", "-wal", ""} { // the log first: what moves on meanwhile is then in both
		b, err := target.ReadFile(folder, path+suffix, maxDatabase)
		if err != nil {
			if suffix == "" {
				return err
			}
			continue
		}
		if err := os.WriteFile(filepath.Join(dir, "db"+suffix), b, 0o600); err != nil {
			return err
		}
	}
	return nil
}

// budget is what may still be read of a database.
type budget struct{ rows, bytes int }

// take says whether there is room for one more row.
func (b *budget) take(r Record) bool {
	b.rows--
	for _, v := range r.Values {
		b.bytes -= len(v) + 16
	}
	return b.rows >= 0 && b.bytes >= 0
}

func tables(ctx context.Context, db *sql.Conn) (names []string) {
	rows, err := db.QueryContext(ctx, `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\_%' ESCAPE '\'`)
	if err != nil {
		return nil
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var name string
		if rows.Scan(&name) == nil {
			names = append(names, name)
		}
	}
	if rows.Err() != nil {
		return nil
	}
	return names
}

// readTable returns the rows of a table, as far as there is room.
func readTable(ctx context.Context, db *sql.Conn, table string, room *budget) (all []Record, err error) {
	rows, err := db.QueryContext(ctx, `SELECT * FROM "`+strings.ReplaceAll(table, `"`, `""`)+`"`) //nolint:gosec // quoted; a copy
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	columns, err := rows.Columns()
	if err != nil {
		return nil, err
	}
	for rows.Next() {
		values, into := make([]any, len(columns)), make([]any, len(columns))
		for i := range values {
			into[i] = &values[i]
		}
		if err := rows.Scan(into...); err != nil {
			return nil, err
		}
		r := Record{Columns: columns}
		for _, v := range values {
			if blob, ok := v.([]byte); ok {
				v = string(blob)
			}
			r.Values = append(r.Values, fmt.Sprint(v))
		}
		if !room.take(r) {
			break
		}
		all = append(all, r)
	}
	return all, rows.Err()
}

// Names says whether a row has a name in one of its columns, maybe as a part of
// a path or of a padded field. Names of a run end with a number or after it,
// and one must not be taken for another that goes on.
func (r Record) Names(name string) bool {
	return slices.ContainsFunc(r.Values, func(value string) bool {
		for rest := value; ; {
			_, after, found := strings.Cut(rest, name)
			if found && (after == "" || after[0] < '0' || after[0] > '9') {
				return true
			}
			if !found {
				return false
			}
			rest = after
		}
	})
}

// Identifies says whether a row has an id, as bytes or in hexadecimal.
func (r Record) Identifies(id wire.ID) bool {
	return slices.ContainsFunc(r.Values, func(value string) bool {
		digits := strings.ToLower(strings.ReplaceAll(value, "-", ""))
		return bytes.Contains([]byte(value), id[:]) || strings.Contains(digits, hex.EncodeToString(id[:]))
	})
}

// Naming returns, by table, the row that names something, of the tables in
// which just one row does.
func Naming(rows []Record, name string) map[string]Record {
	found, times := map[string]Record{}, map[string]int{}
	for _, r := range rows {
		if r.Names(name) {
			found[r.Table] = r
			times[r.Table]++
		}
	}
	for table, n := range times {
		if n > 1 {
			delete(found, table)
		}
	}
	return found
}

// VerifiedColumn returns the index of the column whose name says that the file
// is verified, -1 if there is none.
func (r Record) VerifiedColumn() int {
	return slices.IndexFunc(r.Columns, func(column string) bool {
		column = strings.ToLower(column)
		return strings.Contains(column, "verified") && !strings.Contains(column, "un") && !strings.Contains(column, "not")
	})
}

// IsTrue recognizes what programs write into a database for true.
func IsTrue(value string) bool {
	return slices.Contains([]string{"1", "\x01", "true", "yes", "y", "t"}, strings.ToLower(value))
}
