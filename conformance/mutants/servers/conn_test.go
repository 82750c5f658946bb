package servers

import (
	"bytes"
	"errors"
	"io"
	"math/rand/v2"
	"net"
	"slices"
	"testing"

	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/wire"
)

// requests are three whole requests, one with content, and the bytes of all.
func requests(t *testing.T, ed *spec.Edition) (all []byte) {
	t.Helper()
	for _, m := range []wire.Message{
		&wire.Register{Name: "Ada"},
		&wire.File{ContentSize: 5000, OriginalSize: 4999, Number: 1, Total: 1, Name: "a.txt", Content: make([]byte, 5000)},
		&wire.CRCOK{Name: "a.txt"},
	} {
		var err error
		if all, err = wire.AppendRequest(all, ed, wire.ID{1}, m); err != nil {
			t.Fatal(err)
		}
	}
	return all
}

// open returns a conn to which somebody sends bytes in pieces, and then ends.
func open(t *testing.T, ed *spec.Edition, b []byte, hook func(c *conn, r *request)) *conn {
	t.Helper()
	client, server := net.Pipe()
	t.Cleanup(func() { client.Close(); server.Close() })
	go func() {
		random := rand.New(rand.NewPCG(1, 2))
		for rest := b; len(rest) > 0; {
			n := min(len(rest), 1+random.IntN(700))
			if _, err := client.Write(rest[:n]); err != nil {
				return
			}
			rest = rest[n:]
		}
		client.Close()
	}()
	c := &conn{Conn: server, process: &process{edition: ed}, piece: 1000}
	c.deliver = c.Conn.Write
	c.onRequest = append(c.onRequest, hook)
	return c
}

func edition(t *testing.T) *spec.Edition {
	t.Helper()
	ed, err := spec.LookupEdition(spec.DefaultEdition)
	if err != nil {
		t.Fatal(err)
	}
	return ed
}

func TestConnPassesRequestsOn(t *testing.T) {
	ed := edition(t)
	sent := requests(t, ed)
	for cut := range sent {
		if cut%97 != 0 && cut != len(sent)-1 {
			continue
		}
		var seen []spec.MessageType
		c := open(t, ed, sent[:cut], func(_ *conn, r *request) { seen = append(seen, r.Type) })
		got, err := io.ReadAll(c)
		if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) || !bytes.Equal(got, sent[:cut]) {
			t.Fatalf("%d bytes sent: %d bytes arrive, %v", cut, len(got), err)
		}
		if len(seen) > 3 {
			t.Fatalf("%d bytes sent: the hook sees %v", cut, seen)
		}
	}
}

func TestConnGivesOneRequestAtATime(t *testing.T) {
	ed := edition(t)
	c := open(t, ed, requests(t, ed), func(*conn, *request) {})
	var types []spec.MessageType
	buf := make([]byte, 1<<16)
	for {
		n, err := c.Read(buf)
		if err != nil {
			break
		}
		if n == 0 || c.current == nil {
			t.Fatalf("%d bytes of %v", n, c.current)
		}
		if len(types) == 0 || types[len(types)-1] != c.current.Type {
			types = append(types, c.current.Type)
		}
	}
	if want := []spec.MessageType{spec.TypeRegister, spec.TypeFile, spec.TypeCRCOK}; !slices.Equal(types, want) {
		t.Errorf("%v, want %v", types, want)
	}
}

func TestConnSkipsAndChanges(t *testing.T) {
	ed := edition(t)
	content := 0
	c := open(t, ed, requests(t, ed), func(_ *conn, r *request) {
		switch r.Type {
		case spec.TypeFile:
			r.Skip = true
			r.body = func(piece []byte) []byte {
				content += len(piece)
				return piece
			}
		case spec.TypeRegister:
			r.setText("Bob")
		}
	})
	got, err := io.ReadAll(c)
	if err != nil {
		t.Fatal(err)
	}
	var want []byte
	for _, m := range []wire.Message{&wire.Register{Name: "Bob"}, &wire.CRCOK{Name: "a.txt"}} {
		if want, err = wire.AppendRequest(want, ed, wire.ID{1}, m); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(got, want) || content != 5000 {
		t.Errorf("%d bytes arrive, want %d; %d bytes of content seen", len(got), len(want), content)
	}
}
