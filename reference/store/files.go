package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"os"

	"github.com/xferspec/xferspec/spec/wire"
)

// ErrNoFile says that the client has sent no file of that name.
var ErrNoFile = errors.New("no such file was received")

// Incoming is a file that is still arriving. It is for one goroutine, and ends
// with Keep or Discard.
type Incoming struct {
	store  *Store
	client wire.ID
	path   string // below the data folder
	file   *os.File

	written int64 // bytes
	begun   int64 // of these, handed to the disk
}

// NewIncoming creates an empty file in the client's folder, under a random name.
func (s *Store) NewIncoming(client wire.ID) (*Incoming, error) {
	path := incomingFolder(client) + "/" + rand.Text()
	file, err := s.create(path)
	if errors.Is(err, os.ErrNotExist) { // the client's first
		if err := s.makeFolders(client); err != nil {
			return nil, fmt.Errorf("make the client's folder: %w", err)
		}
		file, err = s.create(path)
	}
	if err != nil {
		return nil, fmt.Errorf("create a file: %w", err)
	}
	return &Incoming{store: s, client: client, path: path, file: file}, nil
}

func (s *Store) create(path string) (*os.File, error) {
	return s.root.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
}

// writeAhead is how many bytes are collected before the disk is told to begin. At
// the end little is then left to wait for, however long the file, and the client
// is waiting too (RTY-8).
const writeAhead = 4 << 20

// Write appends to the file.
func (in *Incoming) Write(p []byte) (int, error) {
	n, err := in.file.Write(p)
	in.written += int64(n)
	if ahead := in.written - in.begun; ahead >= writeAhead {
		beginWriting(in.file, in.begun, ahead)
		in.begun = in.written
	}
	return n, err
}

// Discard removes the file. After Keep it does nothing.
func (in *Incoming) Discard() {
	if in.file == nil {
		return
	}
	_ = in.file.Close()
	_ = in.store.root.Remove(in.path) // if this fails, the next Open tries again
	in.file = nil
}

// Keep gives the complete file its name, in place of any older one (FIL-21). It
// then counts as received, not as verified (CRC-8). The name must be safe. After
// an error the file is discarded, and what was stored under the name is as it was.
func (in *Incoming) Keep(ctx context.Context, name string) error {
	defer in.Discard()
	if !SafeName(name) {
		return fmt.Errorf("keep a file: unsafe name %q", name)
	}
	if err := in.store.keep(ctx, in, name); err != nil {
		return fmt.Errorf("keep a file: %w", err)
	}
	in.file = nil
	return nil
}

// keep stores the file's row, then moves the file: new content must never count as
// verified, and to store the row is what can fail, on a full disk, when there must be
// a way back. A crash in between leaves a row that says too little of an old file, or
// one without a file, of which no client was told. So the row need not wait for the
// content: both go to the disk at the same time.
func (s *Store) keep(ctx context.Context, in *Incoming, name string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	defer s.names.lock(in.client, name)()
	before, err := s.lookUp(ctx, in.client, name)
	if err != nil {
		return err
	}
	path := filesFolder(in.client) + "/" + name
	defer s.hold(path)()
	stored := s.writer.begin(true, func(ctx context.Context, q *queries) error {
		_, err := exec(ctx, q.keep, in.client[:], name, path)
		return err
	})
	synced := errors.Join(in.file.Sync(), in.file.Close())
	if err := <-stored; err != nil {
		return errors.Join(err, synced)
	}
	if err = synced; err == nil {
		err = s.move(in, path)
	}
	if err != nil {
		return errors.Join(err, s.restore(ctx, in.client, name, before))
	}
	return s.syncFolder(filesFolder(in.client))
}

// move gives the file its path, even if its folder was removed or never made.
func (s *Store) move(in *Incoming, path string) error {
	err := s.root.Rename(in.path, path)
	if !errors.Is(err, os.ErrNotExist) {
		return err
	}
	if err := s.makeFolders(in.client); err != nil {
		return err
	}
	return s.root.Rename(in.path, path)
}

// restore makes a file's row what it was before keep.
func (s *Store) restore(ctx context.Context, client wire.ID, name string, before row) error {
	if before.path != "" && !before.verified {
		return nil
	}
	return s.writer.change(ctx, func(ctx context.Context, q *queries) error {
		stmt := q.forget
		if before.verified {
			stmt = q.verify
		}
		_, err := exec(ctx, stmt, client[:], name)
		return err
	})
}

// Verify marks a received file as verified (CRC-8), or returns ErrNoFile.
func (s *Store) Verify(ctx context.Context, client wire.ID, name string) error {
	defer s.names.lock(client, name)()
	var found bool
	err := s.writer.change(ctx, func(ctx context.Context, q *queries) (err error) {
		found, err = exec(ctx, q.verify, client[:], name)
		return err
	})
	switch {
	case err != nil:
		return fmt.Errorf("verify a file: %w", err)
	case !found:
		return ErrNoFile
	}
	return nil
}

// Forget removes a received file, unless it was verified. If there is none the
// error is ErrNoFile.
func (s *Store) Forget(ctx context.Context, client wire.ID, name string) error {
	defer s.names.lock(client, name)()
	file, err := s.lookUp(ctx, client, name)
	switch {
	case err != nil:
		return fmt.Errorf("forget a file: %w", err)
	case file.path == "" || file.verified:
		return ErrNoFile
	}
	if err := s.root.Remove(file.path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("forget a file: %w", err)
	}
	err = s.writer.change(ctx, func(ctx context.Context, q *queries) error {
		_, err := exec(ctx, q.forget, client[:], name)
		return err
	})
	if err != nil {
		return fmt.Errorf("forget a file: %w", err)
	}
	return nil
}

// row is what the database knows of a file.
type row struct {
	path     string // "" if it knows none
	verified bool
}

func (s *Store) lookUp(ctx context.Context, client wire.ID, name string) (row, error) {
	var r row
	err := s.lookups.file.QueryRowContext(ctx, client[:], name).Scan(&r.path, &r.verified)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return row{}, fmt.Errorf("look up a file: %w", err)
	}
	return r, nil
}
