//go:build linux

package endurance

import (
	"crypto/rsa"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/cksum"
	"github.com/xferspec/xferspec/spec/seal"
	"github.com/xferspec/xferspec/spec/wire"
)

// errRefused is an answer that says no: 1601, 1606 or 1607.
var errRefused = errors.New("refused")

// edition is the one that all tests speak.
var edition = sync.OnceValue(func() *spec.Edition {
	ed, err := spec.LookupEdition(spec.DefaultEdition)
	if err != nil {
		panic(err)
	}
	return ed
})

// keyPair is that of all clients: to generate one takes longer than most sessions.
var keyPair = sync.OnceValues(seal.GenerateKey)

// client is one connection, and who speaks on it. What fails is an error, since
// most clients work in goroutines and are meant to lose their server.
type client struct {
	conn net.Conn
	in   *wire.ResponseReader
	id   wire.ID
	name string
	aes  []byte // the key of the last exchange or login
}

// dial opens a connection with patience for what comes first.
func dial(addr string) (*client, error) {
	conn, err := net.DialTimeout("tcp", addr, patience)
	if err != nil {
		return nil, err
	}
	if err := conn.SetDeadline(time.Now().Add(patience)); err != nil {
		return nil, err
	}
	return &client{conn: conn, in: wire.NewResponseReader(conn, edition())}, nil
}

// mustDial closes the connection with the test.
func mustDial(t testing.TB, addr string) *client {
	t.Helper()
	c, err := dial(addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.close)
	return c
}

// newcomer connects, registers and exchanges keys.
func newcomer(addr, name string) (*client, error) {
	c, err := dial(addr)
	if err != nil {
		return nil, err
	}
	if err := c.register(name); err != nil {
		c.close()
		return nil, err
	}
	if err := c.exchange(); err != nil {
		c.close()
		return nil, err
	}
	return c, nil
}

// mustJoin is newcomer within a test.
func mustJoin(t testing.TB, addr, name string) *client {
	t.Helper()
	c, err := newcomer(addr, name)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.close)
	return c
}

func (c *client) close() { _ = c.conn.Close() }

// encode returns the bytes of requests.
func (c *client) encode(messages ...wire.Message) ([]byte, error) {
	var b []byte
	var err error
	for _, m := range messages {
		if b, err = wire.AppendRequest(b, edition(), c.id, m); err != nil {
			return nil, err
		}
	}
	return b, nil
}

func (c *client) send(messages ...wire.Message) error {
	b, err := c.encode(messages...)
	if err == nil {
		_, err = c.conn.Write(b)
	}
	return err
}

// ask sends requests that want one answer, and returns it.
func (c *client) ask(messages ...wire.Message) (wire.Message, error) {
	if err := c.conn.SetDeadline(time.Now().Add(patience)); err != nil {
		return nil, err
	}
	if err := c.send(messages...); err != nil {
		return nil, err
	}
	_, m, err := c.in.Next()
	if err != nil {
		return nil, fmt.Errorf("no answer to %s: %w", messages[0].Type(), err)
	}
	switch m.(type) {
	case *wire.RegistrationRefused, *wire.LoginRefused, *wire.GeneralError:
		return nil, fmt.Errorf("%s: %w with %s", messages[0].Type(), errRefused, m.Type())
	}
	return m, nil
}

func (c *client) register(name string) error {
	m, err := c.ask(&wire.Register{Name: name})
	if err != nil {
		return err
	}
	registered, ok := m.(*wire.Registered)
	if !ok {
		return fmt.Errorf("register: the answer is %s", m.Type())
	}
	c.id, c.name = registered.Client, name
	return nil
}

func (c *client) exchange() error {
	pair, err := keyPair()
	if err != nil {
		return err
	}
	der, err := seal.MarshalPublicKey(&pair.PublicKey)
	if err != nil {
		return err
	}
	m, err := c.ask(&wire.PublicKey{Name: c.name, Key: der})
	if err != nil {
		return err
	}
	accepted, ok := m.(*wire.KeyAccepted)
	if !ok || accepted.Client != c.id {
		return fmt.Errorf("public key: the answer is %s", m.Type())
	}
	return c.unwrap(pair, accepted.Wrapped)
}

func (c *client) login() error {
	m, err := c.ask(&wire.Login{Name: c.name})
	if err != nil {
		return err
	}
	accepted, ok := m.(*wire.LoginAccepted)
	if !ok || accepted.Client != c.id {
		return fmt.Errorf("login: the answer is %s", m.Type())
	}
	pair, err := keyPair()
	if err != nil {
		return err
	}
	return c.unwrap(pair, accepted.Wrapped)
}

func (c *client) unwrap(pair *rsa.PrivateKey, wrapped []byte) (err error) {
	c.aes, err = seal.Unwrap(pair, wrapped, edition().KeySize())
	return err
}

// packets returns the requests that carry a file, with 1024 bytes in each but the
// last (FIL-5).
func (c *client) packets(name string, plain []byte) ([]wire.Message, error) {
	encrypter, err := seal.NewEncrypter(c.aes)
	if err != nil {
		return nil, err
	}
	rest := encrypter.Finish(encrypter.Append(nil, plain))
	packet := wire.File{
		ContentSize: uint32(len(rest)), OriginalSize: uint32(len(plain)),
		Total: uint16((len(rest) + 1023) / 1024), Name: name,
	}
	var all []wire.Message
	for len(rest) > 0 {
		n := min(1024, len(rest))
		packet.Number++
		packet.Content, rest = rest[:n], rest[n:]
		m := packet
		all = append(all, &m)
	}
	return all, nil
}

// upload sends a file, and wants 1603 with all that belongs to it (FIL-9).
func (c *client) upload(name string, plain []byte) error {
	packets, err := c.packets(name, plain)
	if err != nil {
		return err
	}
	m, err := c.ask(packets...)
	if err != nil {
		return err
	}
	want := wire.FileReceived{
		Client: c.id, ContentSize: uint32(seal.CiphertextSize(int64(len(plain)))), Name: name, Cksum: cksum.Sum(plain),
	}
	if got, ok := m.(*wire.FileReceived); !ok || *got != want {
		return fmt.Errorf("file %s: the answer is %+v, want %+v", name, m, want)
	}
	return nil
}

// verify confirms the checksum of a file, and wants 1604.
func (c *client) verify(name string) error {
	m, err := c.ask(&wire.CRCOK{Name: name})
	if err != nil {
		return err
	}
	if got, ok := m.(*wire.Thanks); !ok || got.Client != c.id {
		return fmt.Errorf("crc ok: the answer is %+v", m)
	}
	return nil
}

// storedAt is where the reference keeps a client's file.
func storedAt(dir string, id wire.ID, name string) string {
	return filepath.Join(dir, "clients", id.String(), "files", name)
}

// wantStored expects a client's file to be on the server's disk.
func wantStored(t testing.TB, dir string, id wire.ID, name string, plain []byte) {
	t.Helper()
	if got, err := os.ReadFile(storedAt(dir, id, name)); err != nil || string(got) != string(plain) {
		t.Errorf("file %s of client %s: %d bytes, %v, want the %d bytes sent", name, id, len(got), err, len(plain))
	}
}

// unfinished returns the files that are still arriving, or that a kill has left.
func unfinished(dir string) []string {
	paths, _ := filepath.Glob(filepath.Join(dir, "clients", "*", "incoming", "*"))
	return paths
}

// as lets c speak for the client that other speaks for.
func (c *client) as(other *client) *client {
	c.id, c.name, c.aes = other.id, other.name, other.aes
	return c
}
