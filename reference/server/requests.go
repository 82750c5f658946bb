package server

import (
	"context"
	"errors"
	"fmt"

	"github.com/xferspec/xferspec/reference/store"
	"github.com/xferspec/xferspec/spec/wire"
)

// dispatch has a request dealt with by the method for it. What comes back is the
// answer, or nil where none is due, or an error: a *refusal, a *lostError, or a
// fault on our side.
func (c *session) dispatch(ctx context.Context, h wire.RequestHeader, m wire.Message) (wire.Message, error) {
	switch m := m.(type) {
	case *wire.Register:
		return c.register(ctx, m)
	case *wire.PublicKey:
		return c.publicKey(ctx, h.Client, m)
	case *wire.Login:
		return c.login(ctx, h.Client, m)
	case *wire.File:
		return c.packet(ctx, h.Client, m)
	case *wire.CRCOK:
		return c.crcOK(ctx, h.Client, m)
	case *wire.CRCBad:
		return c.crcBad(ctx, h.Client)
	case *wire.CRCAbort:
		return c.crcAbort(ctx, h.Client, m)
	}
	return nil, fmt.Errorf("no method for %s", m.Type())
}

// sender looks up who sent a request, and has it noted that it was heard of
// (STO-8). The session goes on meanwhile: see settle.
func (c *session) sender(ctx context.Context, id wire.ID) (client store.Client, known bool, err error) {
	c.settle()
	client, c.noted, err = c.store.Seen(ctx, id)
	if errors.Is(err, store.ErrUnknownClient) {
		return store.Client{}, false, nil
	}
	return client, err == nil, err
}

// settle waits until the note about the last sender is made: before an answer, which
// must not be ahead of it, and before another note, since a client that wants no
// answers must not pile them up.
func (c *session) settle() {
	if c.noted == nil {
		return
	}
	if err := <-c.noted; err != nil {
		c.log.Error("cannot note that a client was heard of", "err", err)
	}
	c.noted = nil
}

// describe returns the attributes of a request's line in the log: the client, the
// request, what it is about, and the outcome. Keys and contents are never among
// them.
func describe(h wire.RequestHeader, m, answer wire.Message) []any {
	client, outcome := h.Client, "no answer"
	if answer != nil {
		outcome = answer.Type().String()
	}
	if registered, ok := answer.(*wire.Registered); ok {
		client = registered.Client
	}
	return append([]any{"client", client, "request", m.Type(), "outcome", outcome}, about(m)...)
}

// about returns the name in a request as an attribute of the log.
func about(m wire.Message) []any {
	switch m := m.(type) {
	case *wire.Register:
		return []any{"name", m.Name}
	case *wire.PublicKey:
		return []any{"name", m.Name}
	case *wire.Login:
		return []any{"name", m.Name}
	case *wire.File:
		return []any{"file", m.Name, "contentSize", m.ContentSize}
	case *wire.CRCOK:
		return []any{"file", m.Name}
	case *wire.CRCBad:
		return []any{"file", m.Name}
	case *wire.CRCAbort:
		return []any{"file", m.Name}
	}
	return nil
}
