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
	if err := s.makeFolders(client); err != nil {
		return nil, fmt.Errorf("make the client's folder: %w", err)
	}
	path := incomingFolder(client) + "/" + rand.Text()
	file, err := s.root.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, fmt.Errorf("create a file: %w", err)
	}
	return &Incoming{store: s, client: client, path: path, file: file}, nil
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
// an error the file is discarded.
func (in *Incoming) Keep(ctx context.Context, name string) error {
	defer in.Discard()
	if !SafeName(name) {
		return fmt.Errorf("keep a file: unsafe name %q", name)
	}
	if err := in.file.Sync(); err != nil {
		return fmt.Errorf("keep a file: %w", err)
	}
	if err := in.file.Close(); err != nil {
		return fmt.Errorf("keep a file: %w", err)
	}
	defer in.store.hold(filesFolder(in.client) + "/" + name)()
	if err := in.store.keep(ctx, in, name); err != nil {
		return fmt.Errorf("keep a file: %w", err)
	}
	in.file = nil
	return nil
}

// keep moves the file and stores its row. A crash between these steps must not
// leave new content that counts as verified, so the old row is in doubt first.
func (s *Store) keep(ctx context.Context, in *Incoming, name string) error {
	s.writing.Lock()
	defer s.writing.Unlock()
	if _, err := change(ctx, s.queries.doubt, in.client[:], name); err != nil {
		return err
	}
	path := filesFolder(in.client) + "/" + name
	if err := s.root.Rename(in.path, path); err != nil {
		return err
	}
	if err := s.syncFolder(filesFolder(in.client)); err != nil {
		return err
	}
	_, err := change(ctx, s.queries.keep, in.client[:], name, path)
	return err
}

// Verify marks a received file as verified (CRC-8), or returns ErrNoFile.
func (s *Store) Verify(ctx context.Context, client wire.ID, name string) error {
	s.writing.Lock()
	defer s.writing.Unlock()
	switch found, err := change(ctx, s.queries.verify, client[:], name); {
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
	s.writing.Lock()
	defer s.writing.Unlock()
	var path string
	err := s.queries.forget.QueryRowContext(ctx, client[:], name).Scan(&path)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return ErrNoFile
	case err != nil:
		return fmt.Errorf("forget a file: %w", err)
	}
	if err := s.root.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("forget a file: %w", err)
	}
	return nil
}
