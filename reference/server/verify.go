package server

import (
	"context"
	"errors"

	"github.com/xferspec/xferspec/reference/store"
	"github.com/xferspec/xferspec/spec/wire"
)

// crcOK makes a received file count as verified (CRC-2, CRC-8). To thank for a
// file that never came would be a lie.
func (c *session) crcOK(ctx context.Context, id wire.ID, m *wire.CRCOK) (wire.Message, error) {
	_, known, err := c.sender(ctx, id)
	switch {
	case err != nil:
		return nil, err
	case !known:
		return nil, refusef("CRC-8", "unknown client id")
	}
	switch err := c.store.Verify(ctx, id, m.Name); {
	case errors.Is(err, store.ErrNoFile):
		return nil, refusef("CRC-8", "no such file was received")
	case err != nil:
		return nil, err
	}
	return &wire.Thanks{Client: id}, nil
}

// crcBad is never answered (CRC-3). The file stays as it is, not verified, until
// the next transfer replaces it (CRC-9).
func (c *session) crcBad(ctx context.Context, id wire.ID) (wire.Message, error) {
	if _, _, err := c.sender(ctx, id); err != nil {
		c.log.Error("request", "client", id, "err", err)
	}
	return nil, nil
}

// crcAbort forgets a file that the client has given up (CRC-4). If there is none,
// or a verified one, nothing is to be forgotten, and the client is told the same.
func (c *session) crcAbort(ctx context.Context, id wire.ID, m *wire.CRCAbort) (wire.Message, error) {
	_, known, err := c.sender(ctx, id)
	switch {
	case err != nil:
		return nil, err
	case !known:
		return nil, refusef("CRC-4", "unknown client id")
	}
	if err := c.store.Forget(ctx, id, m.Name); err != nil && !errors.Is(err, store.ErrNoFile) {
		return nil, err
	}
	return &wire.Thanks{Client: id}, nil
}
