package trace

import (
	"context"
	"errors"
	"io"
	"net"
	"reflect"
	"strings"
	"testing"
	"time"
)

// relayed is a relay that runs during a test.
type relayed struct {
	addr        string
	transcripts chan *Transcript
	stop        func() error // ends the relay and returns what it returned
}

func startRelay(t *testing.T, to string) relayed {
	t.Helper()
	listener := listen(t)
	ctx, cancel := context.WithCancel(t.Context())
	r := relayed{addr: listener.Addr().String(), transcripts: make(chan *Transcript, 10)}
	ended := make(chan error, 1)
	go func() { ended <- Relay(ctx, listener, to, "2024a", func(tr *Transcript) { r.transcripts <- tr }) }()
	r.stop = func() error {
		cancel()
		select {
		case err := <-ended:
			return err
		case <-time.After(10 * time.Second):
			return errors.New("the relay does not end")
		}
	}
	return r
}

func (r relayed) transcript(t *testing.T) *Transcript {
	t.Helper()
	select {
	case tr := <-r.transcripts:
		return tr
	case <-time.After(10 * time.Second):
		t.Fatal("no transcript")
		return nil
	}
}

// serve accepts one connection and hands it to f.
func serve(t *testing.T, f func(*net.TCPConn)) (addr string) {
	t.Helper()
	listener := listen(t)
	go func() {
		conn, err := listener.Accept()
		if err == nil {
			f(conn.(*net.TCPConn))
		}
	}()
	return listener.Addr().String()
}

// TestRelayHalfClose: a server that answers only after the client has ended its side.
func TestRelayHalfClose(t *testing.T) {
	addr := serve(t, func(conn *net.TCPConn) {
		request, _ := io.ReadAll(conn)
		_, _ = conn.Write([]byte(strings.ToUpper(string(request))))
		_ = conn.Close()
	})
	r := startRelay(t, addr)
	conn := dial(t, r.addr)
	_, err := conn.Write([]byte("request"))
	check(t, err)
	check(t, conn.CloseWrite())
	answer, err := io.ReadAll(conn)
	if err != nil || string(answer) != "REQUEST" {
		t.Fatalf("answer %q, %v", answer, err)
	}
	tr := r.transcript(t)
	want := []Event{
		{Dir: ToServer, Data: []byte("request")}, {Dir: ToServer, Kind: End},
		{Dir: ToClient, Data: []byte("REQUEST")}, {Dir: ToClient, Kind: End},
	}
	if got := untimed(t, tr); !reflect.DeepEqual(got, want) {
		t.Errorf("recorded %v", got)
	}
	if tr.Client != conn.LocalAddr().String() || tr.Server != addr || !strings.HasPrefix(tr.Note, "relayed: ") {
		t.Errorf("client %s, server %s, note %q", tr.Client, tr.Server, tr.Note)
	}
	check(t, r.stop())
}

func TestRelayPassesResetOn(t *testing.T) {
	r := startRelay(t, serve(t, func(conn *net.TCPConn) {
		_, _ = conn.Read(make([]byte, 1))
		_ = conn.SetLinger(0)
		_ = conn.Close()
	}))
	conn := dial(t, r.addr)
	_, err := conn.Write([]byte("x"))
	check(t, err)
	if _, err := conn.Read(make([]byte, 1)); err == nil || errors.Is(err, io.EOF) {
		t.Errorf("read after the server's reset: %v", err)
	}
	want := []Event{{Dir: ToServer, Data: []byte("x")}, {Dir: ToClient, Kind: Reset}}
	if got := untimed(t, r.transcript(t)); !reflect.DeepEqual(got, want) {
		t.Errorf("recorded %v", got)
	}
	check(t, r.stop())
}

func TestRelayToNowhere(t *testing.T) {
	listener := listen(t)
	addr := listener.Addr().String()
	check(t, listener.Close())
	r := startRelay(t, addr)
	var dialer net.Dialer
	conn, err := dialer.DialContext(t.Context(), "tcp", r.addr)
	if err == nil { // else the reset was faster
		if _, err := io.ReadAll(bounded(t, conn)); err == nil {
			t.Error("a connection that leads nowhere ended in order")
		}
	}
	if tr := r.transcript(t); !strings.Contains(tr.Note, "not forwarded: ") || tr.Server != addr {
		t.Errorf("note %q, server %s", tr.Note, tr.Server)
	}
	check(t, r.stop())
}

func TestRelayEndsWithContext(t *testing.T) {
	r := startRelay(t, serve(t, func(conn *net.TCPConn) {
		_, _ = conn.Write([]byte("x"))
		_, _ = io.ReadAll(conn)
	}))
	conn := dial(t, r.addr)
	if _, err := conn.Read(make([]byte, 1)); err != nil {
		t.Fatal(err)
	}
	check(t, r.stop())
	if tr := r.transcript(t); !strings.Contains(tr.Note, "because the relay ended") {
		t.Errorf("note %q", tr.Note)
	}
	if _, err := conn.Read(make([]byte, 1)); err == nil {
		t.Error("the connection goes on")
	}
	var dialer net.Dialer
	if other, err := dialer.DialContext(t.Context(), "tcp", r.addr); err == nil {
		_ = other.Close()
		t.Error("the relay still accepts")
	}
}

func TestRelayListenerFails(t *testing.T) {
	listener := listen(t)
	check(t, listener.Close())
	if err := Relay(t.Context(), listener, "127.0.0.1:1", "2024a", nil); !errors.Is(err, net.ErrClosed) {
		t.Errorf("relay on a closed listener: %v", err)
	}
}
