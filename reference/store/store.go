package store

import (
	"context"
	"database/sql"
	_ "embed"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"

	_ "modernc.org/sqlite" // the driver "sqlite"
)

//go:embed schema.sql
var schema string

// Store is an open data folder.
type Store struct {
	root    *os.Root
	locked  *os.File // the folder itself, kept from other servers while it is open
	writer  *writer
	reader  *sql.DB // the same database, never changed from here
	lookups lookups // on reader
	names   *names
}

// errInUse is why a folder is refused in which a second server would take the files
// that are still arriving for stray ones.
var errInUse = errors.New("another server uses it: end that one first, or name another folder")

// Open opens the data folder dir, which must exist, and the database in it, which
// is created if it is missing. It removes files that never arrived whole. The
// error says in one line what cannot be used: the folder, also if another server has
// it, or a database that is damaged or another program's.
func Open(ctx context.Context, dir, database string) (*Store, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("data folder: %w", err)
	}
	s := &Store{root: root, names: newNames()}
	if s.locked, err = lock(root); err != nil {
		_ = s.Close()
		return nil, fmt.Errorf("data folder %s: %w", dir, err)
	}
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
	var errs []error
	if s.reader != nil {
		errs = append(errs, s.reader.Close())
	}
	if s.writer != nil { // last, so that it tidies up the journals
		errs = append(errs, s.writer.close())
	}
	if s.locked != nil {
		_ = s.locked.Close() // was only read, as the root
	}
	_ = s.root.Close()
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("close the database: %w", err)
	}
	return nil
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
	db, err := connect(path)
	if err != nil {
		return err
	}
	if s.writer, err = load(ctx, db); err != nil {
		err = advise(err, dir)
		_ = db.Close()
		return err
	}
	if s.reader, err = connect(path, "query_only(ON)"); err != nil {
		return err
	}
	if err := s.lookups.prepare(ctx, s.reader); err != nil {
		return advise(err, dir)
	}
	return nil
}

// connect returns one connection to a database. In WAL mode every commit survives a
// kill; with synchronous FULL it is on the disk too, which takes a thousand times as
// long (STO-5). The timeout is for other programs that look in, and so short that a
// client is still there to be refused when two of them are over (RTY-8).
func connect(file string, more ...string) (*sql.DB, error) {
	path, err := filepath.Abs(file)
	if err != nil {
		return nil, err
	}
	path = filepath.ToSlash(path)
	if path[0] != '/' {
		path = "/" + path // a drive letter
	}
	settings := url.Values{"_pragma": append([]string{
		"busy_timeout(2000)", "journal_mode(WAL)", "foreign_keys(ON)", "synchronous(FULL)",
	}, more...)}
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
func load(ctx context.Context, db *sql.DB) (*writer, error) {
	var verdict string
	if err := db.QueryRowContext(ctx, "PRAGMA quick_check(1)").Scan(&verdict); err != nil {
		return nil, err
	}
	if verdict != "ok" {
		return nil, fmt.Errorf("damaged: %s", verdict)
	}
	if _, err := db.ExecContext(ctx, schema); err != nil {
		return nil, err
	}
	return newWriter(ctx, db)
}
