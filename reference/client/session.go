package client

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"time"

	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/wire"
)

// maxSkip is how many bytes of an answer that is not understood are read and
// dropped, so that the next answer is found; a longer one ends the run.
const maxSkip = 64 << 10

// session is a conversation with a server over one connection.
type session struct {
	conn    net.Conn
	answers *wire.ResponseReader
	edition *spec.Edition
	timeout time.Duration
	console *console
	me      identity // its id goes into every header; zero before registration
	buffers buffers
	forget  func() bool // undoes what close has to do when the context ends
}

func dial(ctx context.Context, cfg Config, addr string) (*session, error) {
	conn, err := cfg.Dial(ctx, "tcp", addr)
	if err != nil {
		return nil, fail(fmt.Errorf("cannot connect: %w", err),
			"start a server there, or correct line 1 of transfer.info")
	}
	return newSession(ctx, conn, cfg), nil
}

// newSession begins a session, which ends with the context.
func newSession(ctx context.Context, conn net.Conn, cfg Config) *session {
	return &session{
		conn:    conn,
		answers: wire.NewResponseReader(conn, cfg.Edition),
		edition: cfg.Edition,
		timeout: cfg.Timeout,
		console: newConsole(cfg.Out, cfg.Quiet),
		forget:  context.AfterFunc(ctx, func() { _ = conn.Close() }),
	}
}

func (s *session) close() {
	s.forget()
	_ = s.conn.Close()
}

// send writes a request. The same message always makes the same bytes.
func (s *session) send(m wire.Message) error {
	frame, err := wire.AppendRequest(nil, s.edition, s.me.id, m)
	if err != nil {
		return err
	}
	return s.write(frame)
}

// write hands bytes to the server, within the timeout or with a *brokenError.
func (s *session) write(p []byte) error {
	err := s.conn.SetWriteDeadline(time.Now().Add(s.timeout))
	if err == nil {
		_, err = s.conn.Write(p)
	}
	switch {
	case err == nil:
		return nil
	case errors.Is(err, os.ErrDeadlineExceeded):
		err = fail(fmt.Errorf("server did not take %d bytes within %s: %w", len(p), s.timeout, err), "restart it, or raise --timeout")
	default:
		err = fail(fmt.Errorf("connection lost while sending: %w", err), "see the server's log")
	}
	return &brokenError{err}
}

// receive waits for the next answer. The error is a *refusal where the answer is
// not well formed but the next one can be found; any other ends the run.
func (s *session) receive(what string, wait time.Duration) (wire.Message, error) {
	var header wire.ResponseHeader
	var answer wire.Message
	err := s.conn.SetReadDeadline(time.Now().Add(wait))
	if err == nil {
		header, answer, err = s.answers.Next()
	}
	_, malformed := errors.AsType[*wire.Error](err)
	switch left := s.answers.Left(); {
	case malformed && left > maxSkip:
		return nil, fail(fmt.Errorf("answer to the %s: %w, and its payload of %d bytes is too long to skip", what, err, left),
			"see whether the server is one of edition %s", s.edition.Name)
	case malformed:
		return nil, &refusal{err}
	case err != nil:
		return nil, fail(noAnswer(what, wait, err), "see the server's log")
	case header.Version != s.edition.Version:
		return nil, &refusal{fmt.Errorf("%s of version %d (VER-4)", s.label(answer), header.Version)}
	}
	return answer, nil
}

// noAnswer says in words why the stream of answers has ended (RTY-5, RTY-8).
func noAnswer(what string, wait time.Duration, err error) error {
	switch {
	case errors.Is(err, os.ErrDeadlineExceeded):
		return fmt.Errorf("no whole answer to the %s within %s: %w", what, wait, err)
	case errors.Is(err, io.EOF):
		return fmt.Errorf("server closed the connection instead of answering the %s: %w", what, err)
	case errors.Is(err, io.ErrUnexpectedEOF):
		return fmt.Errorf("server closed the connection while answering the %s: %w", what, err)
	}
	return fmt.Errorf("connection lost before the answer to the %s: %w", what, err)
}

// label names a message for the user, such as "1607 error".
func (s *session) label(m wire.Message) string {
	code, _ := s.edition.Code(m.Type())
	return fmt.Sprintf("%d %s", code, m.Type())
}
