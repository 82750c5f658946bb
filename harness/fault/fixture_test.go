package fault

import (
	"context"
	"io"
	"net"
	"sync"
	"testing"
	"time"

	"github.com/xferspec/xferspec/harness/trace"
	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/wire"
)

const patience = 10 * time.Second // for what is sure to come

// ended is a connection that has ended.
type ended struct {
	number  int
	in, out *trace.Transcript
}

// running is a proxy that runs during a test.
type running struct {
	addr   string
	ends   chan ended
	passed chan Frame // the first of them
	cancel context.CancelFunc
	result chan error

	mu     sync.Mutex
	frames []Frame
}

func start(t *testing.T, plan *Plan, to string) *running {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	listener := listen(t)
	r := &running{addr: listener.Addr().String(), ends: make(chan ended, 100), passed: make(chan Frame, 10), cancel: cancel, result: make(chan error, 1)}
	o := Observer{
		Frame: func(f Frame) {
			r.mu.Lock()
			defer r.mu.Unlock()
			r.frames = append(r.frames, f)
			select {
			case r.passed <- f:
			default:
			}
		},
		End: func(number int, in, out *trace.Transcript) { r.ends <- ended{number, in, out} },
	}
	go func() { r.result <- Serve(ctx, listener, to, edition(spec.DefaultEdition), plan, o) }()
	t.Cleanup(cancel)
	return r
}

// stop ends the proxy and returns what Serve returned.
func (r *running) stop(t *testing.T) error {
	t.Helper()
	r.cancel()
	return within(t, r.result, "the end of the proxy")
}

// changes returns all changes, the frames of one direction after the other.
func (r *running) changes() (all []Change) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, dir := range []trace.Direction{trace.ToServer, trace.ToClient} {
		for _, f := range r.frames {
			if f.Dir == dir {
				all = append(all, f.Changes...)
			}
		}
	}
	return all
}

func within[T any](t *testing.T, c <-chan T, what string) T {
	t.Helper()
	select {
	case v := <-c:
		return v
	case <-time.After(patience):
		t.Fatalf("%s does not come", what)
		panic("unreachable")
	}
}

func listen(t *testing.T) net.Listener {
	t.Helper()
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	return listener
}

// dial connects to the proxy; reads and writes do not wait for ever.
func dial(t *testing.T, addr string) *net.TCPConn {
	t.Helper()
	conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	_ = conn.SetDeadline(time.Now().Add(patience))
	return conn.(*net.TCPConn)
}

// answering is a server that meets every request with the bytes that answers has
// for its message.
func answering(t *testing.T, answers map[spec.MessageType][]byte) (addr string) {
	t.Helper()
	listener := listen(t)
	ed := edition(spec.DefaultEdition)
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				for {
					head := make([]byte, wire.RequestHeaderSize)
					if _, err := io.ReadFull(conn, head); err != nil {
						return
					}
					h := parseHeader(ed, trace.ToServer, head)
					if _, err := io.CopyN(io.Discard, conn, h.size-int64(len(head))); err != nil {
						return
					}
					if _, err := conn.Write(answers[h.kind]); err != nil {
						return
					}
				}
			}()
		}
	}()
	return listener.Addr().String()
}
