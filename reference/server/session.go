package server

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"runtime/debug"

	"github.com/xferspec/xferspec/reference/store"
	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/wire"
)

// session is one connection. It has no state but the transfers that are under way:
// who a request comes from is said by its own header.
type session struct {
	edition   *spec.Edition
	store     *store.Store
	log       *slog.Logger
	link      *link
	requests  *wire.RequestReader
	transfers transfers
	plain     plaintext    // of the transfer whose packet came last
	answer    []byte       // the last one, for its memory
	noted     <-chan error // gets the outcome of the last sender's note; nil if there is none
}

// errHangUp ends a session that was answered and is to be closed in order.
var errHangUp = errors.New("hang up")

func newSession(ctx context.Context, s *Server, conn net.Conn) *session {
	c := &session{
		edition: s.cfg.Edition,
		store:   s.store,
		log:     s.cfg.Log.With("remote", conn.RemoteAddr().String()),
	}
	c.link = &link{Conn: conn, ctx: ctx, idle: s.cfg.Limits.Idle, busy: c.busy}
	c.requests = wire.NewRequestReader(c.link, s.cfg.Edition, readBuffer)
	return c
}

// busy says whether a request or a transfer has begun and not ended.
func (c *session) busy() bool {
	return c.requests.Buffered() > 0 || c.requests.Left() > 0 || c.transfers.receiving()
}

// run serves the connection to its end and closes it. What is done for a request
// is done to its end, even when ctx is over. A panic would be a fault of this
// server, and ends this connection alone (ERR-4).
func (c *session) run(ctx context.Context) {
	c.log.Debug("connected")
	defer func() {
		if fault := recover(); fault != nil {
			c.log.Error("fault of the server", "panic", fault, "stack", string(debug.Stack()))
		}
		c.settle()
		c.transfers.dropAll() // FRM-14
		_ = c.link.Close()
	}()
	err := c.serve(context.WithoutCancel(ctx))
	if errors.Is(err, errHangUp) {
		c.link.hangUp()
	}
	c.log.Debug("disconnected", "reason", reasonOf(err))
}

// serve answers requests until the connection ends; the error says how.
func (c *session) serve(ctx context.Context) error {
	for {
		h, m, err := c.requests.Next()
		if err == nil && h.Version != c.edition.Version {
			err = wrongVersion(h, c.edition)
		}
		if malformed, ok := errors.AsType[*wire.Error](err); ok {
			err = c.refuseMalformed(ctx, h, malformed)
		} else if err == nil {
			err = c.handle(ctx, h, m)
		}
		if err != nil {
			return err
		}
	}
}

// handle deals with a well-formed request: an answer is sent, a fault becomes a
// refusal. The log has a line for each, but for packets that are not answered.
func (c *session) handle(ctx context.Context, h wire.RequestHeader, m wire.Message) error {
	answer, err := c.dispatch(ctx, h, m)
	if lost, ok := errors.AsType[*lostError](err); ok {
		return lost
	}
	if err != nil {
		return c.refuse(h, m, err)
	}
	if answer == nil && m.Type() == spec.TypeFile {
		return nil
	}
	c.log.Info("request", describe(h, m, answer)...)
	if answer == nil {
		return nil
	}
	return c.send(answer)
}

// send writes an answer.
func (c *session) send(m wire.Message) error {
	c.settle()
	var err error
	if c.answer, err = wire.AppendResponse(c.answer[:0], c.edition, m); err != nil {
		return fmt.Errorf("encode an answer: %w", err)
	}
	if _, err := c.link.Write(c.answer); err != nil {
		return &lostError{err}
	}
	return nil
}

// lostError says that a connection could not be read or written any more.
type lostError struct{ err error }

func (e *lostError) Error() string { return "connection lost: " + e.err.Error() }
func (e *lostError) Unwrap() error { return e.err }

// reasonOf says in words why a connection ended.
func reasonOf(err error) string {
	switch {
	case errors.Is(err, io.EOF):
		return "the client closed"
	case errors.Is(err, errHangUp):
		return "refused"
	case errors.Is(err, os.ErrDeadlineExceeded):
		return "no progress"
	}
	return err.Error()
}
