package servers

import (
	"net"
	"sync"
	"sync/atomic"
	"time"

	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/wire"
)

// connectionRows break how connections are read, kept and served.
var connectionRows = []row{
	{
		id: "one-recv", clauses: "FRM-5", often: always,
		about:  "takes what one recv returns for one message, whole and nothing else",
		mutate: func(p *process) { p.transport = func(c net.Conn) net.Conn { return &oneRecv{Conn: c} } },
		varies: true,
	},
	{
		id: "header-apart", clauses: "FRM-5", often: "for payloads",
		about:     "reads a header in full, and the payload behind it with one recv",
		mutate:    func(p *process) { p.transport = func(c net.Conn) net.Conn { return &shortPayload{Conn: c} } },
		varies:    true,
		unrelated: 20, why: "chance decides what is lost of a request, whatever the case is about",
	},
	{
		id: "reads-too-far", clauses: "FRM-5 FRM-16", often: "for messages back to back",
		about:     "reads up to 4096 bytes for a message, and forgets those that belong to the next",
		mutate:    func(p *process) { p.transport = func(c net.Conn) net.Conn { return &tooFar{Conn: c} } },
		varies:    true,
		unrelated: 20, why: "chance decides what is lost behind a request, whatever the case is about",
	},
	{
		id: "slow-clients-dropped", clauses: "FRM-5", often: "for single bytes",
		about:  "takes a recv of a single byte for the end of the connection",
		mutate: func(p *process) { p.transport = func(c net.Conn) net.Conn { return &impatient{Conn: c} } },
		varies: true,
	},
	{
		id: "one-answer-per-connection", clauses: "FRM-6 FRM-16", often: always,
		about:  "closes the connection after every answer",
		mutate: each(func(c *conn) { hangUpAfter(c, 1) }),
	},
	{
		id: "four-answers-per-connection", clauses: "FRM-6 FRM-16", often: "after four answers",
		about:     "closes the connection after four answers",
		mutate:    each(func(c *conn) { hangUpAfter(c, 4) }),
		unrelated: 40, why: "a whole conversation has five answers, whatever the case is about",
	},
	{
		id: "one-at-a-time", clauses: "FRM-7", often: always,
		about: "accepts a connection only when the one before has ended",
		mutate: func(p *process) {
			p.accept = func(l net.Listener) net.Listener { return &turns{Listener: l, free: make(chan struct{}, 1)} }
		},
		unrelated: 40, why: "whoever does not get a turn gets no answer, whatever the case is about",
	},
	{
		id: "stalled-request-blocks", clauses: "FRM-7 FRM-13", often: "inside a message",
		about: "serves nobody else while a message is not there as a whole",
		mutate: func(p *process) {
			var turn sync.Mutex
			p.transport = func(c net.Conn) net.Conn { return &blocking{Conn: c, turn: &turn} }
		},
	},
	{
		id: "stalled-transfer-blocks", clauses: "FRM-7 FRM-13", often: "inside a transfer",
		about: "serves nobody else while a file is not there as a whole",
		mutate: func(p *process) {
			var turn sync.Mutex
			each(func(c *conn) {
				held := false
				c.closed = func() {
					if held {
						held = false
						turn.Unlock()
					}
				}
				c.onRequest = append(c.onRequest, func(_ *conn, r *request) {
					if !held {
						turn.Lock()
						held = true
					}
					if r.Type != spec.TypeFile || r.uint("packet number") >= r.uint("total packets") {
						held = false
						turn.Unlock()
					}
				})
			})(p)
		},
	},
	{
		id: "sixteen-connections", clauses: "FRM-7", often: "with 16 other connections",
		about: "serves 16 connections at most, and lets others wait",
		mutate: func(p *process) {
			p.accept = func(l net.Listener) net.Listener { return &turns{Listener: l, free: make(chan struct{}, 16)} }
		},
	},
	{
		id: "crowd-stops-all", clauses: "FRM-7", often: "with 18 connections",
		about: "answers nobody while it has more than 18 connections",
		mutate: inCrowd(func(c *conn, _ *request, crowded func() bool) {
			for crowded() {
				select {
				case <-time.After(10 * time.Millisecond):
				case <-c.process.ended:
					return
				}
			}
		}),
	},
	{
		id: "crowd-stops-files", clauses: "FRM-7", often: "with 18 connections",
		about: "refuses every file while it has more than 18 connections",
		mutate: inCrowd(func(c *conn, r *request, crowded func() bool) {
			if r.Type == spec.TypeFile && crowded() {
				refuse(c, r)
			}
		}),
		alone: "nobody else makes so many connections",
	},
	{
		id: "broken-off-name-locked", clauses: "FRM-14 FIL-16", often: "after a transfer that broke off",
		about: "takes a file no more whose transfer has broken off",
		mutate: func(p *process) {
			locked := map[string]bool{}
			each(func(c *conn) {
				var under string
				c.closed = func() {
					c.process.mu.Lock()
					defer c.process.mu.Unlock()
					locked[under] = under != ""
				}
				c.onRequest = append(c.onRequest, func(c *conn, r *request) {
					name := r.Header.Client.String() + r.text()
					c.process.mu.Lock()
					defer c.process.mu.Unlock()
					switch {
					case r.Type != spec.TypeFile:
					case locked[name]:
						refuse(c, r)
					case r.uint("packet number") < r.uint("total packets"):
						under = name
					default:
						under = name
						r.end = func() { under = "" }
					}
				})
			})(p)
		},
	},
	{
		id: "memory-as-declared", clauses: "FRM-13", often: "up to 1 GiB",
		about: "makes room for a payload when its header comes",
		mutate: each(func(c *conn) {
			c.onHeader = func(r *request) {
				if r.Header.Size < 1<<30 {
					room = make([]byte, r.Header.Size)
					for i := 0; i < len(room); i += 4096 {
						room[i] = 1
					}
				}
			}
		}),
	},
	{
		id: "signed-sizes", clauses: "FRM-13 ERR-4", often: "from 2 GiB on",
		about: "takes a payload size from 2,147,483,648 on for a negative number, and ends",
		mutate: each(func(c *conn) {
			c.onHeader = func(r *request) {
				if int32(r.Header.Size) < 0 {
					exit(c.process, "negative size")
				}
			}
		}),
	},
	{
		id: "cut-request-completed", clauses: "FRM-14 LGN-2", often: "when a client closes inside a request",
		about: "takes the end of the stream for zeros, and handles the request",
		mutate: each(func(c *conn) {
			c.onCut = func(rest []byte) []byte {
				if len(rest) < wire.RequestHeaderSize {
					return rest
				}
				c.in = rest
				want := wire.RequestHeaderSize + 512
				c.in = append(c.in, make([]byte, want)...)
				r := c.parse()
				if r == nil {
					return rest
				}
				return append(rest, make([]byte, max(0, len(r.Head)-len(rest)))...)
			}
		}),
	},
	{
		id: "cut-connection-kept", clauses: "FRM-14", often: "when a client closes inside a request",
		about: "keeps a connection open that has ended inside a request",
		mutate: each(func(c *conn) {
			c.onCut = func(rest []byte) []byte {
				if len(rest) > 0 {
					<-c.process.ended
				}
				return rest
			}
		}),
	},
	{
		id: "key-dropped-early", clauses: "FRM-14 ERR-5 KEY-5 KEY-6", often: "when a key exchange begins",
		about: "forgets the AES key of a client as soon as the header of 1026 comes",
		mutate: each(func(c *conn) {
			c.onHeader = func(r *request) {
				if r.Type == spec.TypePublicKey {
					c.process.exec("UPDATE clients SET aes_key = NULL WHERE id = ?", r.Header.Client[:])
				}
			}
		}),
	},
	{
		id: "error-lost-in-reset", clauses: "FRM-15", often: "if more was sent than it has read",
		about: "resets the connection at 1607 before that is on its way",
		mutate: onResponses(func(c *conn, r *response) {
			if r.Request.Header.Size < 4096 && r.Request.uint("packet number") == r.Request.uint("total packets") {
				return
			}
			if tcp, ok := c.Conn.(*net.TCPConn); ok {
				_ = tcp.SetLinger(0)
			}
			r.Bytes = nil
			hangUp(c)
		}, spec.TypeError),
	},
	{
		id: "closes-after-thanks", clauses: "FRM-16", often: "after 1604",
		about: "closes the connection after 1604",
		mutate: onResponses(func(c *conn, r *response) {
			_, _ = c.deliver(r.Bytes)
			r.Bytes = nil
			hangUp(c)
		}, spec.TypeThanks),
	},
	{
		id: "half-close-is-the-end", clauses: "FRM-16", often: "when a client half-closes",
		about: "gives up on a client that has closed its half of the connection",
		mutate: each(func(c *conn) {
			write := c.deliver
			c.deliver = func(b []byte) (int, error) {
				_ = c.SetReadDeadline(time.Now().Add(20 * time.Millisecond))
				buf := make([]byte, 64<<10)
				n, err := c.Conn.Read(buf)
				c.in = append(c.in, buf[:n]...)
				if n == 0 && err != nil && !isTimeout(err) {
					hangUp(c)
					return 0, net.ErrClosed
				}
				return write(b)
			}
		}),
	},
}

// room is what memory-as-declared has made for the last request.
var room []byte

func isTimeout(err error) bool {
	timeout, ok := err.(net.Error) //nolint:errorlint // from a net.Conn itself
	return ok && timeout.Timeout()
}

// hangUpAfter closes a connection after n answers.
func hangUpAfter(c *conn, n int) {
	write := c.deliver
	c.deliver = func(b []byte) (int, error) {
		done, err := write(b)
		if n--; n == 0 {
			if half, ok := c.Conn.(*net.TCPConn); ok {
				_ = half.CloseWrite()
			}
			c.err = net.ErrClosed
			c.in = nil
		}
		return done, err
	}
}

// turns is a listener that accepts no more than fit into free at a time.
type turns struct {
	net.Listener
	free chan struct{}
}

// Accept implements net.Listener.
func (t *turns) Accept() (net.Conn, error) {
	t.free <- struct{}{}
	c, err := t.Listener.Accept()
	if err != nil {
		<-t.free
		return nil, err
	}
	return &turn{conn: c.(*conn), done: func() { <-t.free }}, nil
}

// turn is one of them.
type turn struct {
	*conn
	once sync.Once
	done func()
}

// Close implements net.Conn.
func (t *turn) Close() error {
	t.once.Do(t.done)
	return t.conn.Close()
}

// inCrowd has a function look at every request, and at whether there are more than 18
// connections.
func inCrowd(f func(c *conn, r *request, crowded func() bool)) mutation {
	return func(p *process) {
		var open atomic.Int64
		crowded := func() bool { return open.Load() > 18 }
		each(func(c *conn) {
			open.Add(1)
			c.closed = func() { open.Add(-1) }
			c.onRequest = append(c.onRequest, func(c *conn, r *request) { f(c, r, crowded) })
		})(p)
	}
}
