package server

import (
	"context"

	"github.com/xferspec/xferspec/spec/wire"
)

// login answers a client that is known by name and id, and has sent a public key,
// with a new AES key under it (LGN-2), and everybody else with 1606 (LGN-3, LGN-4).
func (c *session) login(ctx context.Context, id wire.ID, m *wire.Login) (wire.Message, error) {
	client, known, err := c.sender(ctx, id)
	if err != nil {
		return nil, err
	}
	if !known || client.Name != m.Name || client.PublicKey == nil {
		return &wire.LoginRefused{Client: id}, nil
	}
	key, wrapped, err := newWrappedKey(c.edition, client.PublicKey)
	if err != nil {
		return nil, err
	}
	if err := c.store.SetAESKey(ctx, id, key); err != nil {
		return nil, err
	}
	return &wire.LoginAccepted{Client: id, Wrapped: wrapped}, nil
}
