package server

import (
	"context"

	"github.com/xferspec/xferspec/reference/store"
	"github.com/xferspec/xferspec/spec/seal"
	"github.com/xferspec/xferspec/spec/wire"
)

// packet deals with one packet of a file: with a whole file where the edition has
// no packets.
//
// A transfer gets one answer, after its last packet or when it is refused. Its
// client may have sent all packets before it reads that, so those that follow a
// refusal pass without another one.
func (c *session) packet(ctx context.Context, id wire.ID, m *wire.File) (wire.Message, error) {
	if !c.edition.PacketFields {
		m.Number, m.Total = 1, 1
	}
	t := c.transfers.find(id, m.Name)
	if t != nil && t.refused && m.Number != 1 {
		if isLast(m) {
			c.transfers.drop(t)
		}
		return nil, nil
	}
	answer, err := c.receive(ctx, id, m, t)
	if answer == nil && err == nil {
		return nil, nil
	}
	c.transfers.drop(c.transfers.find(id, m.Name))
	if err != nil && !isLast(m) {
		c.transfers.add(&transfer{client: id, name: m.Name, refused: true})
	}
	return answer, err
}

// isLast says whether a packet is the last one of its transfer.
func isLast(m *wire.File) bool { return m.Number == m.Total }

// receive takes a packet in. t is its transfer, or nil where none is under way.
func (c *session) receive(ctx context.Context, id wire.ID, m *wire.File, t *transfer) (wire.Message, error) {
	if m.Number == 1 {
		c.transfers.drop(t) // FIL-16
		var err error
		if t, err = c.begin(ctx, id, m); err != nil {
			return nil, err
		}
		c.transfers.add(t)
	} else if isLast(m) {
		if _, _, err := c.sender(ctx, id); err != nil {
			return nil, err
		}
	}
	if err := t.fits(m, c.requests.Left()); err != nil {
		return nil, err
	}
	if err := t.read(c.requests); err != nil {
		return nil, err
	}
	if !isLast(m) {
		return nil, nil
	}
	return c.complete(ctx, t)
}

// begin starts the transfer that packet 1 announces. It keeps the AES key it
// begins with, whatever key exchanges follow.
func (c *session) begin(ctx context.Context, id wire.ID, m *wire.File) (*transfer, error) {
	client, known, err := c.sender(ctx, id)
	switch {
	case err != nil:
		return nil, err
	case !known:
		return nil, refusef("FIL-17", "unknown client id")
	case client.AESKey == nil:
		return nil, refusef("FIL-17", "the client has no AES key yet")
	case !store.SafeName(m.Name):
		return nil, refusef("FIL-19", "the file name is not one plain name")
	case m.Total == 0:
		return nil, refusef("FIL-27", "packet 1 of 0")
	}
	decrypter, err := seal.NewDecrypter(client.AESKey)
	if err != nil {
		return nil, err
	}
	file, err := c.store.NewIncoming(id)
	if err != nil {
		return nil, err
	}
	return newTransfer(id, m, c.edition.PacketFields, decrypter, file, &c.plain), nil
}

// complete ends a transfer whose last packet was read. The answer is sent only
// when the file is stored for good (STO-5).
func (c *session) complete(ctx context.Context, t *transfer) (wire.Message, error) {
	if err := t.finish(); err != nil {
		return nil, err
	}
	if err := t.file.Keep(ctx, t.name); err != nil {
		return nil, err
	}
	return &wire.FileReceived{
		Client: t.client, ContentSize: t.contentSize, Name: t.name, Cksum: t.sum.Sum32(),
	}, nil
}
