package client_test

import (
	"crypto/rsa"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"sync"
	"testing"

	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/cksum"
	"github.com/xferspec/xferspec/spec/seal"
	"github.com/xferspec/xferspec/spec/wire"
)

// fake is a server for one client at a time that does everything right but for
// what a test makes it do instead.
type fake struct {
	t       *testing.T
	edition *spec.Edition
	addr    string

	// answer may put other bytes in the place of the right ones; an error closes
	// the connection after them.
	answer  func(r *request, right []byte) ([]byte, error)
	dribble bool // every byte is written by itself
	deaf    bool // nothing is read

	client     wire.ID
	public     *rsa.PublicKey // nil as long as the client is unknown
	aesKey     []byte
	ciphertext []byte // of the current transfer
	files      [][]byte
	requests   []*request
	conns      int

	listener net.Listener
	done     sync.WaitGroup
}

// request is a message as it came.
type request struct {
	wire.RequestHeader
	message wire.Message
	frame   []byte
	nth     int // of its type, from 0; packets but the last are not counted
}

var errHangUp = errors.New("the server hangs up")

// start serves until the test ends, or received is called.
func (f *fake) start(t *testing.T) *fake {
	t.Helper()
	f.t = t
	if f.edition == nil {
		f.edition = edition(t, spec.DefaultEdition)
	}
	f.client = wire.ID{0xc1, 1, 2, 3}
	var err error
	if f.listener, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	f.addr = f.listener.Addr().String()
	f.done.Go(f.serve)
	t.Cleanup(func() { f.received() })
	return f
}

// received returns all requests, once every connection has ended.
func (f *fake) received() []*request {
	_ = f.listener.Close()
	f.done.Wait()
	return f.requests
}

func (f *fake) serve() {
	for {
		conn, err := f.listener.Accept()
		if err != nil {
			return
		}
		f.conns++
		if f.deaf {
			defer conn.Close()
			continue
		}
		f.converse(conn)
		_ = conn.Close()
	}
}

func (f *fake) converse(conn net.Conn) {
	counts := map[spec.MessageType]int{}
	for {
		r, err := f.read(conn)
		if err != nil {
			return
		}
		f.requests = append(f.requests, r)
		right, err := f.right(r)
		if err != nil {
			f.t.Errorf("the fake server cannot answer: %v", err)
			return
		}
		if right == nil {
			continue
		}
		r.nth = counts[r.message.Type()]
		counts[r.message.Type()]++
		if f.answer != nil {
			right, err = f.answer(r, right)
		}
		if f.write(conn, right) != nil || err != nil {
			return
		}
	}
}

func (f *fake) read(conn net.Conn) (*request, error) {
	frame := make([]byte, wire.RequestHeaderSize)
	if _, err := io.ReadFull(conn, frame); err != nil {
		return nil, err
	}
	size := binary.LittleEndian.Uint32(frame[wire.RequestHeaderSize-4:])
	frame = append(frame, make([]byte, size)...)
	if _, err := io.ReadFull(conn, frame[wire.RequestHeaderSize:]); err != nil {
		return nil, err
	}
	h, m, err := wire.DecodeRequest(f.edition, frame)
	if err != nil {
		f.t.Errorf("the client sent what cannot be decoded: %v", err)
	}
	return &request{RequestHeader: h, message: m, frame: frame}, err
}

func (f *fake) write(conn net.Conn, p []byte) error {
	if !f.dribble {
		_, err := conn.Write(p)
		return err
	}
	for i := range p {
		if _, err := conn.Write(p[i : i+1]); err != nil {
			return err
		}
	}
	return nil
}

// right returns the answer of a good server, nil where none is due.
func (f *fake) right(r *request) ([]byte, error) {
	var answer wire.Message
	switch m := r.message.(type) {
	case *wire.Register:
		answer = &wire.Registered{Client: f.client}
	case *wire.PublicKey:
		public, err := seal.ParsePublicKey(m.Key)
		if err != nil {
			return nil, err
		}
		f.public = public
		answer = &wire.KeyAccepted{Client: r.Client, Wrapped: f.newKey()}
	case *wire.Login:
		answer = &wire.LoginAccepted{Client: r.Client, Wrapped: f.newKey()}
		if f.public == nil || r.Client != f.client {
			answer = &wire.LoginRefused{Client: r.Client}
		}
	case *wire.File:
		if !f.edition.PacketFields || m.Number == 1 {
			f.ciphertext = nil
		}
		f.ciphertext = append(f.ciphertext, m.Content...)
		if m.Number != m.Total {
			return nil, nil
		}
		sum, err := f.decrypt()
		if err != nil {
			return nil, err
		}
		answer = &wire.FileReceived{Client: r.Client, ContentSize: m.ContentSize, Name: m.Name, Cksum: sum}
	case *wire.CRCBad:
		return nil, nil
	case *wire.CRCOK, *wire.CRCAbort:
		answer = &wire.Thanks{Client: r.Client}
	}
	return wire.AppendResponse(nil, f.edition, answer)
}

// newKey makes an AES key and returns it wrapped; for a client that is unknown
// the bytes mean nothing.
func (f *fake) newKey() []byte {
	if f.public == nil {
		return make([]byte, wire.WrappedKeySize)
	}
	var err error
	if f.aesKey, err = seal.NewKey(f.edition.AESBits); err != nil {
		f.t.Error(err)
	}
	return f.wrap(f.aesKey)
}

func (f *fake) wrap(key []byte) []byte {
	wrapped, err := seal.Wrap(f.public, key)
	if err != nil {
		f.t.Error(err)
	}
	return wrapped
}

func (f *fake) decrypt() (sum uint32, err error) {
	decrypter, err := seal.NewDecrypter(f.aesKey)
	if err != nil {
		return 0, err
	}
	plain, err := decrypter.Finish(decrypter.Append(nil, f.ciphertext))
	if err != nil {
		return 0, err
	}
	f.files = append(f.files, plain)
	return cksum.Sum(plain), nil
}
