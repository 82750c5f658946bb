package server_test

import (
	"context"
	"errors"
	"net"
	"sync"
	"testing"
	"time"

	"github.com/xferspec/xferspec/reference/server"
	"github.com/xferspec/xferspec/spec/wire"
)

// At the end, connections that wait for a request are closed in order; what is
// under way is finished, and answered.
func TestShutdown(t *testing.T) {
	f := servePipes(t, server.Limits{Grace: patience})
	idle := []*client{f.dial(), f.ready("Grace")}
	c := f.ready("Ada")
	packets := c.packets("f", pattern(5000), 1024)
	for _, packet := range packets[:2] {
		c.send(packet)
	}
	half := f.dial().as(c)
	request := half.encode(&wire.Login{Name: "Ada"})
	half.write(request[:100])

	var ended sync.WaitGroup
	ended.Go(f.end)
	for _, other := range idle {
		other.wantEnd()
	}
	if _, err := f.dialer(); !errors.Is(err, net.ErrClosed) {
		t.Errorf("a new connection: %v, want none to be accepted", err)
	}
	half.write(request[100:])
	if m, ok := half.next().(*wire.LoginAccepted); !ok {
		t.Errorf("the request in flight is answered with %+v", m)
	}
	half.wantEnd()
	for _, packet := range packets[2:] {
		c.send(packet)
	}
	c.want(c.received("f", pattern(5000)))
	c.wantEnd()
	ended.Wait()
}

// What is not finished after the grace is cut off, and leaves nothing.
func TestShutdownOfStalled(t *testing.T) {
	f := servePipes(t, server.Limits{Grace: 10 * time.Millisecond})
	c := f.ready("Ada")
	c.send(c.packets("f", pattern(5000), 1024)[0])
	unread := f.dial().as(c)
	unread.send(&wire.Login{Name: "Ada"}) // whose answer is never read
	f.wantNoIncoming()
	c.wantEnd()
}

// A connection that makes no progress ends, in the middle of a request too.
func TestIdleTimeout(t *testing.T) {
	f := servePipes(t, server.Limits{Idle: 30 * time.Millisecond})
	f.dial().wantEnd()
	half := f.dial()
	half.write(half.encode(&wire.Register{Name: "Ada"})[:100])
	half.wantEnd()
}

// However many connect, so many are served at once, and all in the end.
func TestMaxConnections(t *testing.T) {
	const most = 2
	f := servePipes(t, server.Limits{Connections: most})
	var mu sync.Mutex
	open, highest := 0, 0
	count := func(n int) {
		mu.Lock()
		defer mu.Unlock()
		open += n
		highest = max(highest, open)
	}
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			conn, err := f.dialer()
			if err != nil {
				t.Error(err)
				return
			}
			count(1)
			_ = conn.SetDeadline(time.Now().Add(patience))
			if _, err := conn.Write(wire.RequestHeader{Version: 3, Code: 1}.Append(nil)); err != nil {
				t.Error(err)
			}
			if _, _, err := wire.NewResponseReader(conn, f.ed).Next(); err != nil {
				t.Error(err)
			}
			count(-1)
			_ = conn.Close()
		})
	}
	wg.Wait()
	if highest > most {
		t.Errorf("%d connections at once, want %d", highest, most)
	}
}

// faulty is a listener that is out of descriptors at times, and the connections of
// which can be of the worst kind.
type faulty struct {
	net.Listener
	fail int
}

func (l *faulty) Accept() (net.Conn, error) {
	if l.fail--; l.fail >= 0 && l.fail%2 == 0 {
		return nil, errors.New("accept: too many open files")
	} else if l.fail >= 0 {
		_, theirs := net.Pipe()
		return panicking{theirs}, nil
	}
	return l.Listener.Accept()
}

type panicking struct{ net.Conn }

func (panicking) Read([]byte) (int, error) { panic("a fault of the server") }
func (panicking) RemoteAddr() net.Addr     { return &net.TCPAddr{} }

// ERR-4: neither a failed accept nor a panic in one connection ends the service.
func TestServiceGoesOn(t *testing.T) {
	f := &fixture{TB: t, ed: edition(t, "2024a"), dir: t.TempDir()}
	listener := newPipes()
	f.dialer = listener.dial
	f.startOn(&faulty{listener, 4})
	f.ready("Ada")
	if n := f.faults.count.Swap(0); n != 2 {
		t.Errorf("%d panics in the log, want 2", n)
	}
}

// Somebody else closed the listener: that is no orderly end.
func TestListenerClosed(t *testing.T) {
	s, err := server.New(server.Config{Edition: edition(t, "2024a"), Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	listener := newPipes()
	_ = listener.Close()
	if err := s.Serve(context.Background(), listener); !errors.Is(err, net.ErrClosed) {
		t.Errorf("Serve: %v, want net.ErrClosed", err)
	}
}
