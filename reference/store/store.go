package store

import (
	"context"
	"database/sql"
	_ "embed"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"sync"

	_ "modernc.org/sqlite" // the driver "sqlite"
)

//go:embed schema.sql
var schema string

// Store is an open data folder.
type Store struct {
	root    *os.Root
	db      *sql.DB // what is committed here survives a loss of power
	notes   *sql.DB // the same database; what is committed here survives a kill
	queries queries

	// SQLite has one writer at a time. Writers wait for each other here, so that
	// none is ever told that the database is busy; and a file and its row change
	// together.
	writing sync.Mutex
}

// Open opens the data folder dir, which must exist, and the database in it, which
// is created if it is missing. It removes files that never arrived whole. The
// error says in one line what cannot be used: the folder, or a database that is
// damaged or another program's.
func Open(ctx context.Context, dir, database string) (*Store, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("data folder: %w", err)
	}
	s := &Store{root: root}
	if err := s.openDatabase(ctx, dir, database); err != nil {
		_ = s.Close()
		return nil, fmt.Errorf("database %s: %w", filepath.Join(dir, database), err)
	}
	if err := s.removeStray(); err != nil {
		_ = s.Close()
		return nil, fmt.Errorf("data folder %s: remove unfinished files: %w", dir, err)
	}
	return s, nil
}

// Close closes the database and the folder. Nothing may be used after it, files
// that are still arriving included.
func (s *Store) Close() error {
	var first error
	for _, db := range []*sql.DB{s.notes, s.db} {
		if db == nil {
			continue
		}
		if err := db.Close(); err != nil && first == nil {
			first = fmt.Errorf("close the database: %w", err)
		}
	}
	_ = s.root.Close() // was only read
	return first
}

func (s *Store) openDatabase(ctx context.Context, dir, name string) error {
	// SQLite would create the file readable by everybody. Its journals get the
	// permissions of the file.
	file, err := s.root.OpenFile(name, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	if err := file.Close(); err != nil {
		return err
	}
	path := filepath.Join(dir, name)
	if s.db, err = connect(path, "FULL"); err != nil {
		return err
	}
	if s.notes, err = connect(path, "NORMAL"); err != nil {
		return err
	}
	if err := s.load(ctx); err != nil {
		return fmt.Errorf("%w: move it away to start with an empty one", err)
	}
	return nil
}

// connect returns one connection to a database. In WAL mode every commit survives
// a kill; with synchronous FULL it is on the disk too, which takes a thousand
// times as long (STO-5). The timeout is for other programs that look in.
func connect(file, synchronous string) (*sql.DB, error) {
	path, err := filepath.Abs(file)
	if err != nil {
		return nil, err
	}
	path = filepath.ToSlash(path)
	if path[0] != '/' {
		path = "/" + path // a drive letter
	}
	settings := url.Values{"_pragma": {
		"busy_timeout(5000)", "journal_mode(WAL)", "foreign_keys(ON)", "synchronous(" + synchronous + ")",
	}}
	source := url.URL{Scheme: "file", Path: path, RawQuery: settings.Encode()}
	db, err := sql.Open("sqlite", source.String())
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	return db, nil
}

// load reads the whole database once, so that damage shows now and not at some
// client's request.
func (s *Store) load(ctx context.Context) error {
	var verdict string
	if err := s.db.QueryRowContext(ctx, "PRAGMA quick_check(1)").Scan(&verdict); err != nil {
		return err
	}
	if verdict != "ok" {
		return fmt.Errorf("damaged: %s", verdict)
	}
	if _, err := s.db.ExecContext(ctx, schema); err != nil {
		return err
	}
	return s.queries.prepare(ctx, s.db, s.notes)
}
