package server

import (
	"context"

	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/seal"
	"github.com/xferspec/xferspec/spec/wire"
)

// publicKey stores a client's public key and answers with a new AES key (KEY-2,
// KEY-7, KEY-11).
func (c *session) publicKey(ctx context.Context, id wire.ID, m *wire.PublicKey) (wire.Message, error) {
	client, known, err := c.sender(ctx, id)
	switch {
	case err != nil:
		return nil, err
	case !known:
		return nil, refusef("KEY-6", "unknown client id")
	case client.Name != m.Name:
		return nil, refusef("KEY-6", "the name is not this client's")
	}
	key, wrapped, err := newWrappedKey(c.edition, m.Key)
	if err != nil {
		return nil, refusef("KEY-5", "%v", err)
	}
	if err := c.store.SetKeys(ctx, id, m.Key, key); err != nil {
		return nil, err
	}
	return &wire.KeyAccepted{Client: id, Wrapped: wrapped}, nil
}

// newWrappedKey makes an AES key of the edition's length (KEY-3), and wraps it
// under a public key in DER. The error says why that is no key to wrap under.
func newWrappedKey(ed *spec.Edition, publicKey []byte) (key, wrapped []byte, err error) {
	pub, err := seal.ParsePublicKey(publicKey)
	if err != nil {
		return nil, nil, err
	}
	if key, err = seal.NewKey(ed.AESBits); err != nil {
		return nil, nil, err
	}
	wrapped, err = seal.Wrap(pub, key)
	return key, wrapped, err
}
