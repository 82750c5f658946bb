package server_test

import (
	"crypto/rsa"
	"errors"
	"io"
	"net"
	"reflect"
	"sync"
	"testing"
	"time"

	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/cksum"
	"github.com/xferspec/xferspec/spec/seal"
	"github.com/xferspec/xferspec/spec/wire"
)

// client is one connection that speaks for one client at a time.
type client struct {
	testing.TB
	ed   *spec.Edition
	conn net.Conn
	in   *wire.ResponseReader

	id   wire.ID
	name string
	aes  []byte // the key of the last exchange or login
}

// dial opens a connection to the server.
func (f *fixture) dial() *client {
	f.Helper()
	dialer := f.dialer
	if dialer == nil {
		dialer = func() (net.Conn, error) { return net.DialTimeout("tcp", f.addr, patience) }
	}
	conn, err := dialer()
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { _ = conn.Close() })
	if err := conn.SetDeadline(time.Now().Add(patience)); err != nil {
		f.Fatal(err)
	}
	return &client{TB: f.TB, ed: f.ed, conn: conn, in: wire.NewResponseReader(conn, f.ed)}
}

// as lets c speak for the client that other speaks for.
func (c *client) as(other *client) *client {
	c.id, c.name, c.aes = other.id, other.name, other.aes
	return c
}

// encode returns the bytes of a request.
func (c *client) encode(m wire.Message) []byte {
	c.Helper()
	b, err := wire.AppendRequest(nil, c.ed, c.id, m)
	if err != nil {
		c.Fatal(err)
	}
	return b
}

func (c *client) send(m wire.Message) { c.Helper(); c.write(c.encode(m)) }

func (c *client) write(b []byte) {
	c.Helper()
	if _, err := c.conn.Write(b); err != nil {
		c.Fatal(err)
	}
}

// next returns the next response.
func (c *client) next() wire.Message {
	c.Helper()
	h, m, err := c.in.Next()
	if err != nil {
		c.Fatalf("no response: %v", err)
	}
	if h.Version != 3 {
		c.Errorf("response of version %d (VER-1)", h.Version)
	}
	return m
}

// want expects a response.
func (c *client) want(want wire.Message) {
	c.Helper()
	if got := c.next(); !reflect.DeepEqual(got, want) {
		c.Fatalf("response %s %+v, want %s %+v", got.Type(), got, want.Type(), want)
	}
}

// wantRefusal expects an error response, or the end where the edition has none.
func (c *client) wantRefusal() {
	c.Helper()
	if !c.ed.Has(spec.TypeError) {
		c.wantEnd()
		return
	}
	c.want(&wire.GeneralError{})
}

// wantRefusalAndEnd expects an error response and then the end.
func (c *client) wantRefusalAndEnd() {
	c.Helper()
	if c.ed.Has(spec.TypeError) {
		c.want(&wire.GeneralError{})
	}
	c.wantEnd()
}

// wantEnd expects the end of the connection, without a reset.
func (c *client) wantEnd() {
	c.Helper()
	if _, m, err := c.in.Next(); !errors.Is(err, io.EOF) {
		c.Fatalf("response %+v, error %v, want the end of the connection", m, err)
	}
}

// wantNothing expects that nothing has been answered that was not read: the
// answer to one more request is the next.
func (c *client) wantNothing() {
	c.Helper()
	c.send(&wire.Register{Name: ""})
	c.want(&wire.RegistrationRefused{})
}

func (c *client) register(name string) *client {
	c.Helper()
	c.send(&wire.Register{Name: name})
	m, ok := c.next().(*wire.Registered)
	if !ok {
		c.Fatalf("%q is not registered", name)
	}
	c.id, c.name = m.Client, name
	return c
}

// exchange sends the public key of the tests' key pair.
func (c *client) exchange() *client {
	c.Helper()
	c.send(&wire.PublicKey{Name: c.name, Key: publicKey(c)})
	m, ok := c.next().(*wire.KeyAccepted)
	if !ok || m.Client != c.id {
		c.Fatalf("key not accepted: %+v", m)
	}
	c.unwrap(m.Wrapped)
	return c
}

func (c *client) login() *client {
	c.Helper()
	c.send(&wire.Login{Name: c.name})
	m, ok := c.next().(*wire.LoginAccepted)
	if !ok || m.Client != c.id {
		c.Fatalf("login not accepted: %+v", m)
	}
	c.unwrap(m.Wrapped)
	return c
}

func (c *client) unwrap(wrapped []byte) {
	c.Helper()
	key, err := seal.Unwrap(keyPair(c), wrapped, c.ed.KeySize())
	if err != nil {
		c.Fatal(err)
	}
	c.aes = key
}

// ready registers a client and exchanges keys.
func (f *fixture) ready(name string) *client {
	f.Helper()
	return f.dial().register(name).exchange()
}

// seal returns the ciphertext of a file.
func (c *client) seal(plain []byte) []byte {
	c.Helper()
	e, err := seal.NewEncrypter(c.aes)
	if err != nil {
		c.Fatal(err)
	}
	return e.Finish(e.Append(nil, plain))
}

// packets returns the requests that carry a file, with size bytes of ciphertext in
// each but the last; one request where the edition has no packets.
func (c *client) packets(name string, plain []byte, size int) []*wire.File {
	c.Helper()
	rest := c.seal(plain)
	if !c.ed.PacketFields {
		return []*wire.File{{ContentSize: uint32(len(rest)), Name: name, Content: rest}}
	}
	total := (len(rest) + size - 1) / size
	var all []*wire.File
	for number := 1; number <= total; number++ {
		n := min(size, len(rest))
		all = append(all, &wire.File{
			ContentSize: uint32(seal.CiphertextSize(int64(len(plain)))), OriginalSize: uint32(len(plain)),
			Number: uint16(number), Total: uint16(total), Name: name, Content: rest[:n],
		})
		rest = rest[n:]
	}
	return all
}

// upload sends a whole file and does not wait for the answer.
func (c *client) upload(name string, plain []byte) {
	c.Helper()
	for _, packet := range c.packets(name, plain, 1024) {
		c.send(packet)
	}
}

// received is the right answer to a file.
func (c *client) received(name string, plain []byte) *wire.FileReceived {
	return &wire.FileReceived{
		Client: c.id, ContentSize: uint32(seal.CiphertextSize(int64(len(plain)))), Name: name, Cksum: cksum.Sum(plain),
	}
}

// thanks is the right answer to 1029 and 1031.
func (c *client) thanks() *wire.Thanks {
	if c.ed.EmptyThanks {
		return &wire.Thanks{}
	}
	return &wire.Thanks{Client: c.id}
}

var generate = sync.OnceValues(seal.GenerateKey)

// keyPair returns the one key pair of all tests.
func keyPair(t testing.TB) *rsa.PrivateKey {
	t.Helper()
	key, err := generate()
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func publicKey(t testing.TB) []byte {
	t.Helper()
	der, err := seal.MarshalPublicKey(&keyPair(t).PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	return der
}

// pattern returns n bytes of every value.
func pattern(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(i*7 + i>>8)
	}
	return b
}
