package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"github.com/xferspec/xferspec/spec/wire"
)

var (
	// ErrNameTaken says that another client has registered that name (REG-6).
	ErrNameTaken = errors.New("the name is taken")
	// ErrUnknownClient says that no client has that id.
	ErrUnknownClient = errors.New("the client id is unknown")
)

// Client is what the server knows of a client.
type Client struct {
	ID        wire.ID
	Name      string // as registered
	PublicKey []byte // DER; nil until a valid one was stored
	AESKey    []byte // the one handed out last; nil before
}

// Register stores a new client and returns its id, a random UUID (REG-5). If the
// name is taken the error is ErrNameTaken: of several that ask at the same time,
// the database serves one first (REG-9).
func (s *Store) Register(ctx context.Context, name string) (wire.ID, error) {
	s.writing.Lock()
	defer s.writing.Unlock()
	id := wire.ID(uuid.New())
	switch free, err := change(ctx, s.queries.register, id[:], name); {
	case err != nil:
		return wire.ID{}, fmt.Errorf("store a client: %w", err)
	case !free:
		return wire.ID{}, ErrNameTaken
	}
	return id, nil
}

// Seen notes that a client was heard of (STO-8) and returns it, or
// ErrUnknownClient. This happens with every request and must not take long: a loss
// of power may take the note away.
func (s *Store) Seen(ctx context.Context, id wire.ID) (Client, error) {
	s.writing.Lock()
	defer s.writing.Unlock()
	c := Client{ID: id}
	err := s.queries.seen.QueryRowContext(ctx, id[:]).Scan(&c.Name, &c.PublicKey, &c.AESKey)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return Client{}, ErrUnknownClient
	case err != nil:
		return Client{}, fmt.Errorf("look up a client: %w", err)
	}
	return c, nil
}

// SetKeys stores a client's public key, in DER, and the AES key wrapped under it
// (KEY-7). If there is no such client the error is ErrUnknownClient.
func (s *Store) SetKeys(ctx context.Context, id wire.ID, publicKey, aesKey []byte) error {
	s.writing.Lock()
	defer s.writing.Unlock()
	return stored(change(ctx, s.queries.setKeys, publicKey, aesKey, id[:]))
}

// SetAESKey stores the AES key of a login (LGN-5). If there is no such client the
// error is ErrUnknownClient.
func (s *Store) SetAESKey(ctx context.Context, id wire.ID, aesKey []byte) error {
	s.writing.Lock()
	defer s.writing.Unlock()
	return stored(change(ctx, s.queries.setAESKey, aesKey, id[:]))
}

func stored(changed bool, err error) error {
	switch {
	case err != nil:
		return fmt.Errorf("store a key: %w", err)
	case !changed:
		return ErrUnknownClient
	}
	return nil
}
