package bench

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/rsa"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
	"time"

	"github.com/xferspec/xferspec/harness/peer"
	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/seal"
	"github.com/xferspec/xferspec/spec/wire"
)

// sink is a server that does as little as it can: it knows beforehand which file
// comes, hands out one AES key, and so has only to compare.
type sink struct {
	ed       *spec.Edition
	listener net.Listener
	aes      []byte
	cipher   []byte // of the file that comes next
	content  content
	serving  sync.WaitGroup
	stop     context.CancelFunc

	mu    sync.Mutex
	keys  map[wire.ID]*rsa.PublicKey // of all clients
	names map[wire.ID]string
	seen  visit
}

// visit is what was seen of a run of a client.
type visit struct {
	first, last time.Time     // of a file: when its first packet was read, when its last was answered
	confirmed   bool          // the client has said that the checksum is right
	fault       *RequestError // the first
}

// newSink listens on an address of this machine until stop is called.
func newSink(ctx context.Context, host string, ed *spec.Edition) (*sink, error) {
	key, err := seal.NewKey(ed.AESBits)
	if err != nil {
		return nil, fmt.Errorf("make a key: %w", err)
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", net.JoinHostPort(host, "0"))
	if err != nil {
		return nil, fmt.Errorf("listen for the client: %w", err)
	}
	s := &sink{ed: ed, listener: listener, aes: key, keys: map[wire.ID]*rsa.PublicKey{}, names: map[wire.ID]string{}}
	ctx, s.stop = context.WithCancel(ctx)
	s.serving.Go(func() { s.accept(ctx) })
	return s, nil
}

func (s *sink) close() {
	s.stop()
	s.serving.Wait()
}

// expect prepares for the file that comes next.
func (s *sink) expect(c content) {
	if len(c.plain) != len(s.content.plain) || s.cipher == nil {
		s.content, s.cipher = c, peer.Encrypt(s.aes, c.plain)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.seen = visit{}
}

// visited returns what was seen since expect.
func (s *sink) visited() visit {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.seen
}

func (s *sink) accept(ctx context.Context) {
	defer context.AfterFunc(ctx, func() { _ = s.listener.Close() })()
	for {
		conn, err := s.listener.Accept()
		if err != nil {
			return // it was closed: that is how it ends
		}
		s.serving.Go(func() {
			defer conn.Close()
			defer context.AfterFunc(ctx, func() { _ = conn.Close() })()
			s.serve(conn)
		})
	}
}

// serve answers requests until the client ends the connection, or does what a
// client that is in order does not do.
func (s *sink) serve(conn net.Conn) {
	in := wire.NewRequestReader(conn, s.ed, chunkSize)
	var out []byte
	at := 0 // bytes of the ciphertext that have come
	for {
		header, m, err := in.Next()
		if err != nil {
			if !errors.Is(err, io.EOF) {
				s.fault("a request cannot be read: "+cause(err), err.Error())
			}
			return
		}
		var answer wire.Message
		if file, ok := m.(*wire.File); ok {
			answer, err = s.file(in, header, file, &at)
		} else {
			answer, err = s.answer(header, m)
		}
		if err == nil && answer != nil {
			if out, err = wire.AppendResponse(out[:0], s.ed, answer); err == nil {
				_, err = conn.Write(out)
			}
		}
		if err != nil {
			s.fault(failureOf(err).What, failureOf(err).Detail)
			return
		}
	}
}

func (s *sink) fault(what, detail string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.seen.fault == nil {
		s.seen.fault = &RequestError{What: what, Detail: detail}
	}
}

// answer answers everything but packets.
func (s *sink) answer(h wire.RequestHeader, m wire.Message) (wire.Message, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch m := m.(type) {
	case *wire.Register:
		var id wire.ID
		_, _ = rand.Read(id[:]) // never fails
		s.names[id] = m.Name
		return &wire.Registered{Client: id}, nil
	case *wire.PublicKey:
		key, err := seal.ParsePublicKey(m.Key)
		if err != nil {
			return nil, &RequestError{What: "the public key is not one: " + err.Error()}
		}
		s.keys[h.Client] = key
		wrapped, err := seal.Wrap(key, s.aes)
		return &wire.KeyAccepted{Client: h.Client, Wrapped: wrapped}, err
	case *wire.Login:
		key := s.keys[h.Client]
		if key == nil || s.names[h.Client] != m.Name {
			return &wire.LoginRefused{Client: h.Client}, nil
		}
		wrapped, err := seal.Wrap(key, s.aes)
		return &wire.LoginAccepted{Client: h.Client, Wrapped: wrapped}, err
	case *wire.CRCOK:
		s.seen.confirmed = !s.seen.last.IsZero()
		return &wire.Thanks{Client: h.Client}, nil
	}
	return nil, &RequestError{What: fmt.Sprintf("the client says %s, though the checksum was right", m.Type())}
}

// file compares a packet with what should come, and answers the last one.
func (s *sink) file(in *wire.RequestReader, h wire.RequestHeader, m *wire.File, at *int) (wire.Message, error) {
	if !s.ed.PacketFields || m.Number <= 1 {
		*at = 0
		s.mu.Lock()
		s.seen.first = time.Now()
		s.mu.Unlock()
	}
	for in.Left() > 0 {
		piece, err := in.Content()
		if err != nil {
			return nil, &RequestError{What: "a packet cannot be read: " + cause(err), Detail: err.Error()}
		}
		if len(piece) > len(s.cipher)-*at || !bytes.Equal(piece, s.cipher[*at:*at+len(piece)]) {
			return nil, &RequestError{What: "the ciphertext is not that of the file", Detail: fmt.Sprintf("packet %d", m.Number)}
		}
		*at += len(piece)
	}
	if s.ed.PacketFields && m.Number < m.Total {
		return nil, nil
	}
	if *at < len(s.cipher) {
		return nil, &RequestError{What: "the ciphertext is cut short", Detail: fmt.Sprintf("%d bytes instead of %d", *at, len(s.cipher))}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.seen.last = time.Now()
	return &wire.FileReceived{Client: h.Client, ContentSize: m.ContentSize, Name: m.Name, Cksum: s.content.sum}, nil
}
