package clients

import (
	"bytes"
	"errors"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/xferspec/xferspec/conformance/mutants/message"
	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/wire"
)

// open returns a conn and the server's end of it.
func open(t *testing.T, hook mutation) (c *conn, server net.Conn) {
	t.Helper()
	ed, err := spec.LookupEdition(spec.DefaultEdition)
	if err != nil {
		t.Fatal(err)
	}
	near, far := net.Pipe()
	t.Cleanup(func() { near.Close(); far.Close() })
	p := &process{edition: ed}
	c = &conn{Conn: near, process: p}
	c.deliver = near.Write
	if hook != nil {
		hook(p)
	}
	for _, connect := range p.connect {
		connect(c)
	}
	return c, far
}

// inPieces writes bytes in pieces of random sizes.
func inPieces(w io.Writer, b []byte) error {
	random := rand.New(rand.NewPCG(1, 2))
	for len(b) > 0 {
		n := min(len(b), 1+random.IntN(700))
		if _, err := w.Write(b[:n]); err != nil {
			return err
		}
		b = b[n:]
	}
	return nil
}

func requests(t *testing.T, ed *spec.Edition) (all []byte) {
	t.Helper()
	for _, m := range []wire.Message{
		&wire.Register{Name: "Ada"},
		&wire.File{ContentSize: 2048, OriginalSize: 2040, Number: 1, Total: 2, Name: "a.txt", Content: make([]byte, 1024)},
		&wire.File{ContentSize: 2048, OriginalSize: 2040, Number: 2, Total: 2, Name: "a.txt", Content: make([]byte, 1024)},
		&wire.CRCOK{Name: "a.txt"},
	} {
		var err error
		if all, err = wire.AppendRequest(all, ed, wire.ID{1}, m); err != nil {
			t.Fatal(err)
		}
	}
	return all
}

func responses(t *testing.T, ed *spec.Edition) (all []byte) {
	t.Helper()
	for _, m := range []wire.Message{&wire.Registered{Client: wire.ID{1}}, &wire.GeneralError{}, &wire.FileReceived{Name: "a.txt"}} {
		var err error
		if all, err = wire.AppendResponse(all, ed, m); err != nil {
			t.Fatal(err)
		}
	}
	return all
}

// Hooks see whole requests, however the reference writes them, and what they leave
// as it is arrives as it is.
func TestRequestsPass(t *testing.T) {
	var seen []spec.MessageType
	c, server := open(t, all(
		onRequests(func(_ *conn, r *message.Message) { seen = append(seen, r.Type) }),
		onTransfers(func(tr *transfer) {
			if len(tr.packets) != 2 || tr.number != 1 {
				t.Errorf("transfer %d has %d packets", tr.number, len(tr.packets))
			}
		}),
	))
	sent := requests(t, c.process.edition)
	go func() {
		_ = inPieces(c, sent)
		c.Close()
	}()
	if got, _ := io.ReadAll(server); !bytes.Equal(got, sent) {
		t.Errorf("%d bytes arrived, not the %d that were sent", len(got), len(sent))
	}
	if want := []spec.MessageType{spec.TypeRegister, spec.TypeFile, spec.TypeFile, spec.TypeCRCOK}; !slices.Equal(seen, want) {
		t.Errorf("saw %v", seen)
	}
}

// Whatever a server sends arrives at the reference, also what is no response.
func TestResponsesPass(t *testing.T) {
	for name, change := range map[string]func(b []byte) []byte{
		"whole":              func(b []byte) []byte { return b },
		"cut in a header":    func(b []byte) []byte { return append(b, 3, 1) },
		"cut in a payload":   func(b []byte) []byte { return b[:len(b)-1] },
		"of a declared 4 GB": func(b []byte) []byte { return append(b, 3, 0x40, 6, 0xff, 0xff, 0xff, 0xff, 1, 2, 3) },
	} {
		t.Run(name, func(t *testing.T) {
			seen, ends := 0, 0
			c, server := open(t, all(
				onResponses(func(*conn, *message.Message) { seen++ }),
				onEnds(func(*conn, error) { ends++ }),
			))
			sent := change(responses(t, c.process.edition))
			go func() {
				_ = inPieces(server, sent)
				server.Close()
			}()
			if got, err := io.ReadAll(c); err != nil || !bytes.Equal(got, sent) {
				t.Errorf("%d bytes arrived, not the %d that were sent; %v", len(got), len(sent), err)
			}
			if seen < 3 || ends != 1 {
				t.Errorf("saw %d responses, %d ends", seen, ends)
			}
		})
	}
}

// A deadline of the reference ends nothing: what came before it is not lost.
func TestDeadlineLosesNothing(t *testing.T) {
	c, server := open(t, onEnds(func(*conn, error) { t.Error("the stream has not ended") }))
	sent := responses(t, c.process.edition)
	go func() { _, _ = server.Write(sent[:10]) }()
	_ = c.SetReadDeadline(time.Now().Add(50 * time.Millisecond))
	if n, err := c.Read(make([]byte, 100)); n != 0 || !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Fatalf("%d, %v", n, err)
	}
	_ = c.SetReadDeadline(time.Time{})
	go func() { _, _ = server.Write(sent[10:]) }()
	got := make([]byte, len(sent))
	if _, err := io.ReadFull(c, got); err != nil || !bytes.Equal(got, sent) {
		t.Errorf("% x, %v", got, err)
	}
}

func TestPosixCRC(t *testing.T) {
	const check = 930766865 // of section 4.5 of the text
	if sum := posixCRC([]byte("123456789"), 9); sum != check {
		t.Errorf("%d, want %d", sum, check)
	}
}
