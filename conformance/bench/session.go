package bench

import (
	"context"
	"crypto/rsa"
	"errors"
	"fmt"
	"net"
	"time"

	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/seal"
	"github.com/xferspec/xferspec/spec/wire"
)

const (
	chunkSize = 256 << 10   // bytes per write
	lastWords = time.Second // for an answer on a connection that takes no more

	// workRate is the slowest server that is waited for, in bytes of a file per
	// second, counted from the file's last byte.
	workRate = 1_000_000
)

// user is a client that a server knows.
type user struct {
	name string
	id   wire.ID
	aes  []byte // handed out last
}

// session is a connection of a user to the server under test.
type session struct {
	*user
	ed      *spec.Edition
	rsa     *rsa.PrivateKey // all users of a run have the same
	timeout time.Duration
	times   times

	conn net.Conn
	in   *wire.ResponseReader
	stop func() bool
	buf  []byte
}

// dial connects a user. The connection is closed when ctx ends.
func dial(ctx context.Context, addr string, s *session) error {
	dialer := net.Dialer{Timeout: s.timeout}
	conn, err := dialer.DialContext(ctx, "tcp", addr)
	if err != nil {
		return &RequestError{What: "no connection: " + cause(err), Detail: err.Error()}
	}
	s.conn, s.in = conn, wire.NewResponseReader(conn, s.ed)
	s.stop = context.AfterFunc(ctx, func() { _ = conn.Close() })
	return nil
}

func (s *session) close() {
	s.stop()
	_ = s.conn.Close()
}

// register makes the server know the user.
func (s *session) register() error {
	m, err := s.exchange(&wire.Register{Name: s.name})
	if err != nil {
		return err
	}
	answer, ok := m.(*wire.Registered)
	if !ok {
		return s.unexpected(spec.TypeRegister, m)
	}
	s.id = answer.Client
	return nil
}

// sendKey gives the server the public key and takes the AES key that it answers with.
func (s *session) sendKey() error {
	der, err := seal.MarshalPublicKey(&s.rsa.PublicKey)
	if err != nil {
		return err
	}
	m, err := s.exchange(&wire.PublicKey{Name: s.name, Key: der})
	if err != nil {
		return err
	}
	answer, ok := m.(*wire.KeyAccepted)
	if !ok {
		return s.unexpected(spec.TypePublicKey, m)
	}
	return s.take(spec.TypePublicKey, answer.Client, answer.Wrapped)
}

// login lets the user in again, in an edition without logins by the same key once more.
func (s *session) login() error {
	if !s.ed.Has(spec.TypeLogin) {
		return s.sendKey()
	}
	m, err := s.exchange(&wire.Login{Name: s.name})
	if err != nil {
		return err
	}
	answer, ok := m.(*wire.LoginAccepted)
	if !ok {
		return s.unexpected(spec.TypeLogin, m)
	}
	return s.take(spec.TypeLogin, answer.Client, answer.Wrapped)
}

// take unwraps an AES key.
func (s *session) take(request spec.MessageType, id wire.ID, wrapped []byte) error {
	if id != s.id {
		return s.failure(request, "the answer names another client", fmt.Sprintf("%s, not %s", id, s.id))
	}
	key, err := seal.Unwrap(s.rsa, wrapped, s.ed.KeySize())
	if err != nil {
		return s.failure(request, "the AES key in the answer does not unwrap", err.Error())
	}
	s.aes = key
	return nil
}

// transfer sends a file and wants its checksum.
func (s *session) transfer(f *frames, name string) error {
	patience := s.timeout + time.Duration(f.plain)*time.Second/workRate
	m, err := s.ask(spec.TypeFile, f.bytes, patience)
	if err != nil {
		return err
	}
	answer, ok := m.(*wire.FileReceived)
	switch {
	case !ok:
		return s.unexpected(spec.TypeFile, m)
	case answer.Cksum != f.cksum:
		return s.failure(spec.TypeFile, "the answer has another checksum than the file", fmt.Sprintf("%s: %d, not %d", name, answer.Cksum, f.cksum))
	case answer.Client != s.id:
		return s.failure(spec.TypeFile, "the answer names another client", fmt.Sprintf("%s, not %s", answer.Client, s.id))
	case answer.Name != name:
		return s.failure(spec.TypeFile, "the answer names another file", fmt.Sprintf("%q, not %q", answer.Name, name))
	case answer.ContentSize != f.size:
		return s.failure(spec.TypeFile, "the answer states another content size", fmt.Sprintf("%s: %d, not %d", name, answer.ContentSize, f.size))
	}
	return nil
}

// confirm says that the checksum is right, and wants thanks.
func (s *session) confirm(name string) error {
	m, err := s.exchange(&wire.CRCOK{Name: name})
	if err != nil {
		return err
	}
	answer, ok := m.(*wire.Thanks)
	switch {
	case !ok:
		return s.unexpected(spec.TypeCRCOK, m)
	case answer.Client != s.id && !s.ed.EmptyThanks:
		return s.failure(spec.TypeCRCOK, "the answer names another client", fmt.Sprintf("%s, not %s", answer.Client, s.id))
	}
	return nil
}

// exchange sends a request and returns the answer.
func (s *session) exchange(m wire.Message) (wire.Message, error) {
	var err error
	if s.buf, err = wire.AppendRequest(s.buf[:0], s.ed, s.id, m); err != nil {
		return nil, fmt.Errorf("encode a request: %w", err)
	}
	return s.ask(m.Type(), s.buf, s.timeout)
}

// ask writes a request, or all packets of a file, and waits for the answer. How
// long that takes is counted from the last byte that the system has taken.
func (s *session) ask(request spec.MessageType, b []byte, patience time.Duration) (wire.Message, error) {
	writeErr := s.write(b)
	if writeErr != nil { // the server may have said why
		patience = lastWords
	}
	sent := time.Now()
	_ = s.conn.SetReadDeadline(sent.Add(patience))
	header, m, err := s.in.Next()
	switch {
	case err != nil && writeErr != nil:
		err = writeErr
	case err == nil && header.Version != s.ed.Version:
		err = fmt.Errorf("version %d", header.Version)
	}
	if err != nil {
		return nil, s.failure(request, cause(err), err.Error())
	}
	if writeErr != nil {
		return nil, s.failure(request, fmt.Sprintf("answered with %s before it was sent", s.describe(m)), writeErr.Error())
	}
	s.times.add(request, time.Since(sent))
	return m, nil
}

func (s *session) write(b []byte) error {
	for len(b) > 0 {
		piece := b[:min(len(b), chunkSize)]
		if err := s.conn.SetWriteDeadline(time.Now().Add(s.timeout)); err != nil {
			return err
		}
		n, err := s.conn.Write(piece)
		if err != nil {
			return err
		}
		b = b[n:]
	}
	return nil
}

func (s *session) unexpected(request spec.MessageType, m wire.Message) error {
	return s.failure(request, "answered with "+s.describe(m), "")
}

func (s *session) describe(m wire.Message) string {
	code, _ := s.ed.Code(m.Type())
	return fmt.Sprintf("%d %s", code, m.Type())
}

// failure makes a RequestError of what went wrong with a request.
func (s *session) failure(request spec.MessageType, what, detail string) error {
	code, _ := s.ed.Code(request)
	f := &RequestError{What: fmt.Sprintf("%d %s: %s", code, request, what), Detail: s.name}
	if addr, ok := s.conn.LocalAddr().(*net.TCPAddr); ok {
		f.Detail += fmt.Sprintf(" (source port %d)", addr.Port)
	}
	if detail != "" {
		f.Detail += ": " + detail
	}
	return f
}

// RequestError is what went wrong with one request.
type RequestError struct {
	What   string // the same for all that are alike
	Detail string // of this one
}

// Error returns both in one line.
func (f *RequestError) Error() string { return f.What + ", " + f.Detail }

// failureOf returns an error as a RequestError.
func failureOf(err error) *RequestError {
	if f, ok := errors.AsType[*RequestError](err); ok {
		return f
	}
	return &RequestError{What: err.Error()}
}
