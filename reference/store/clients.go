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
	id := wire.ID(uuid.New())
	var free bool
	err := s.writer.change(ctx, func(ctx context.Context, q *queries) (err error) {
		free, err = exec(ctx, q.register, id[:], name)
		return err
	})
	switch {
	case err != nil:
		return wire.ID{}, fmt.Errorf("store a client: %w", err)
	case !free:
		return wire.ID{}, ErrNameTaken
	}
	return id, nil
}

// Seen returns a client, or ErrUnknownClient, and has it noted that the client was
// heard of (STO-8). This happens with every request and must not take long: noted
// gets its outcome, once, and a loss of power may take the note away. With an error
// nothing is noted.
func (s *Store) Seen(ctx context.Context, id wire.ID) (c Client, noted <-chan error, err error) {
	c = Client{ID: id}
	err = s.lookups.client.QueryRowContext(ctx, id[:]).Scan(&c.Name, &c.PublicKey, &c.AESKey)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return Client{}, nil, ErrUnknownClient
	case err != nil:
		return Client{}, nil, fmt.Errorf("look up a client: %w", err)
	}
	noted = s.writer.begin(false, func(ctx context.Context, q *queries) error {
		_, err := exec(ctx, q.seen, id[:])
		return err
	})
	return c, noted, nil
}

// SetKeys stores a client's public key, in DER, and the AES key wrapped under it
// (KEY-7). If there is no such client the error is ErrUnknownClient.
func (s *Store) SetKeys(ctx context.Context, id wire.ID, publicKey, aesKey []byte) error {
	return s.setKeys(ctx, func(ctx context.Context, q *queries) (bool, error) {
		return exec(ctx, q.setKeys, publicKey, aesKey, id[:])
	})
}

// SetAESKey stores the AES key of a login (LGN-5). If there is no such client the
// error is ErrUnknownClient.
func (s *Store) SetAESKey(ctx context.Context, id wire.ID, aesKey []byte) error {
	return s.setKeys(ctx, func(ctx context.Context, q *queries) (bool, error) {
		return exec(ctx, q.setAESKey, aesKey, id[:])
	})
}

func (s *Store) setKeys(ctx context.Context, set func(context.Context, *queries) (bool, error)) error {
	var known bool
	err := s.writer.change(ctx, func(ctx context.Context, q *queries) (err error) {
		known, err = set(ctx, q)
		return err
	})
	switch {
	case err != nil:
		return fmt.Errorf("store a key: %w", err)
	case !known:
		return ErrUnknownClient
	}
	return nil
}
