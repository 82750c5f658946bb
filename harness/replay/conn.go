package replay

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"time"
)

// conn is the connection to the server. Every wait on it has an end.
type conn struct {
	net.Conn
	in      *bufio.Reader
	timeout time.Duration
	pending int64 // bytes sent since the last response
	failed  bool  // a write did
	stop    func() bool
}

// bytesPerSecond is what a server may take for what it was sent.
const bytesPerSecond = 1 << 20

func dial(ctx context.Context, o Options) (*conn, error) {
	dialer := net.Dialer{Timeout: o.Timeout}
	c, err := dialer.DialContext(ctx, "tcp", o.Addr)
	if err != nil {
		return nil, &UnreachableError{err}
	}
	return newConn(ctx, c, o), nil
}

func newConn(ctx context.Context, c net.Conn, o Options) *conn {
	return &conn{
		Conn: c, in: bufio.NewReader(c), timeout: o.Timeout,
		stop: context.AfterFunc(ctx, func() { _ = c.Close() }),
	}
}

// close ends the connection, by a reset if that is wanted.
func (c *conn) close(reset bool) {
	c.stop()
	if tcp, ok := c.Conn.(interface{ SetLinger(int) error }); ok && reset {
		_ = tcp.SetLinger(0)
	}
	_ = c.Close()
}

// closeWrite lets the server see the end of the requests.
func (c *conn) closeWrite() {
	if half, ok := c.Conn.(interface{ CloseWrite() error }); ok {
		_ = half.CloseWrite() // that it is closed already shows at the next read
	}
}

// write sends bytes. A failed write is no error: the server may have answered and
// closed, so what counts is what is read next. Nothing more is sent after it.
func (c *conn) write(b []byte) {
	if c.failed {
		return
	}
	err := c.SetWriteDeadline(time.Now().Add(c.timeout))
	if err == nil {
		var n int
		n, err = c.Write(b)
		c.pending += int64(n)
	}
	c.failed = err != nil
}

// limit is how long an answer may take.
func (c *conn) limit() time.Duration {
	return c.timeout + time.Duration(c.pending)*time.Second/bytesPerSecond
}

// ending is how reading came to an end.
type ending uint8

const (
	open   ending = iota // it did not
	closed               // in order
	broken               // by a reset
	silent               // nothing came in time
)

// read returns the next n bytes, or fewer and why.
func (c *conn) read(n int) ([]byte, ending) {
	_ = c.SetReadDeadline(time.Now().Add(c.limit()))
	b := make([]byte, n)
	have, err := io.ReadFull(c.in, b)
	switch {
	case err == nil:
		return b, open
	case errors.Is(err, os.ErrDeadlineExceeded):
		return b[:have], silent
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return b[:have], closed
	default:
		return b[:have], broken
	}
}

// describe says what came in place of bytes that were expected, n of which were there.
func (c *conn) describe(e ending, n int) string {
	after := ""
	if n > 0 {
		after = fmt.Sprintf(" after %d bytes of a response", n)
	}
	switch e {
	case closed:
		return "the server closes the connection" + after
	case broken:
		return "the server resets the connection" + after
	default:
		return fmt.Sprintf("nothing comes within %s%s", c.limit().Round(time.Millisecond), after)
	}
}
