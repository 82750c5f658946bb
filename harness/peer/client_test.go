package peer

import (
	"context"
	"io"
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/wire"
)

// talkTo connects a client to a server that does as play says with its one
// connection, and then closes it.
func talkTo(t *testing.T, play func(conn *net.TCPConn)) *Client {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		if conn, err := listener.Accept(); err == nil {
			play(conn.(*net.TCPConn))
			_ = conn.Close()
		}
	}()
	ed, err := spec.LookupEdition(spec.DefaultEdition)
	if err != nil {
		t.Fatal(err)
	}
	c, err := Dial(t.Context(), listener.Addr().String(), Options{Edition: ed, Timeout: 5 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		c.Close()
		_ = listener.Close()
		<-done
	})
	return c
}

func TestClientTellsHowItWasAnswered(t *testing.T) {
	refused := []byte{3, 0x41, 0x06, 0, 0, 0, 0} // 1601
	for _, tt := range []struct {
		name    string
		play    func(conn *net.TCPConn)
		outcome Outcome
		what    string
	}{
		{"answer", func(c *net.TCPConn) { _, _ = c.Write(refused) }, Answered, "1601 registration-refused"},
		{"unknown code", func(c *net.TCPConn) { _, _ = c.Write(make([]byte, 7)) }, Malformed, "code 0"},
		{"oversized", func(c *net.TCPConn) { _, _ = c.Write([]byte{3, 0x41, 0x06, 255, 255, 255, 255}) }, Malformed, "4294967295, and no response"},
		{"close", func(*net.TCPConn) {}, Closed, "an orderly close"},
		{"cut off", func(c *net.TCPConn) { _, _ = c.Write(refused[:5]) }, CutOff, "5 bytes of a response"},
		{"reset", func(c *net.TCPConn) { _ = c.SetLinger(0) }, Reset, "reset"},
		{"silence", func(c *net.TCPConn) { _, _ = io.Copy(io.Discard, c) }, Silent, "nothing"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := talkTo(t, func(conn *net.TCPConn) {
				if _, err := io.ReadFull(conn, make([]byte, 278)); err == nil {
					tt.play(conn)
				}
			})
			c.Send(&wire.Register{Name: "Ada"})
			limit := c.Timeout
			if tt.outcome == Silent {
				limit = 20 * time.Millisecond
			}
			r := c.ReceiveWithin(limit)
			if r.Outcome != tt.outcome || !strings.Contains(r.What(), tt.what) {
				t.Errorf("outcome %d, %q; want %d, something with %q", r.Outcome, r.What(), tt.outcome, tt.what)
			}
			if ended := tt.outcome == Closed || tt.outcome == Reset; r.Ended() != ended {
				t.Errorf("Ended() = %v, want %v", r.Ended(), ended)
			}
		})
	}
}

func TestClientSendsInPieces(t *testing.T) {
	got := make(chan []byte, 1)
	c := talkTo(t, func(conn *net.TCPConn) {
		b, _ := io.ReadAll(conn)
		got <- b
	})
	pauses := 0
	c.Cut = func(b []byte) [][]byte { return slices.Collect(slices.Chunk(b, 100)) }
	c.Between = func() { pauses++ }
	message := c.Encode(&wire.Register{Name: "Ada"})
	c.Send(&wire.Register{Name: "Ada"})
	if pauses != 2 {
		t.Errorf("%d pauses in 278 bytes by the hundred, want 2", pauses)
	}
	c.SendBytes(message[:277])
	if want := "1025 register with 254 of 255 bytes of payload"; c.Sent() != want {
		t.Errorf("sent %q, want %q", c.Sent(), want)
	}
	c.SendMore(message[277:])
	if want := `1025 register "Ada"`; c.Sent() != want {
		t.Errorf("sent %q, want %q", c.Sent(), want)
	}
	c.CloseWrite()
	if b := <-got; !slices.Equal(b, slices.Concat(message, message)) {
		t.Errorf("%d bytes arrived, not the two messages of 278", len(b))
	}
}

func TestClientEndsWithItsContext(t *testing.T) {
	c := talkTo(t, func(conn *net.TCPConn) { _, _ = io.Copy(io.Discard, conn) })
	ctx, cancel := context.WithCancel(t.Context())
	second, err := Dial(ctx, c.conn.RemoteAddr().String(), Options{Edition: c.Edition, Timeout: 5 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	defer second.Close()
	cancel()
	if r := second.Receive(); !r.Ended() {
		t.Errorf("after the end of the context: %s", r)
	}
}
