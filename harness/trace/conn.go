package trace

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"sync/atomic"
)

// recordedConn is one end of a connection, recorded.
type recordedConn struct {
	net.Conn
	rec    *Recorder
	out    Direction   // of what is written here
	resets atomic.Bool // Close breaks off instead of ending in order
}

// Read reads and records what arrived, and how the other side ended.
func (c *recordedConn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	if n > 0 {
		c.rec.data(c.out.opposite(), p[:n])
	}
	c.fault(err)
	return n, err
}

// Write records p and writes it. It is recorded first, because the answer to
// it may be read before the write returns.
func (c *recordedConn) Write(p []byte) (int, error) {
	if len(p) == 0 {
		return c.Conn.Write(p)
	}
	event := c.rec.data(c.out, p)
	n, err := c.Conn.Write(p)
	if n < len(p) {
		c.rec.unsent(event, p, n)
	}
	c.fault(err)
	return n, err
}

// fault records what an error says about the other side. A deadline and a
// connection that was closed on this side say nothing.
func (c *recordedConn) fault(err error) {
	switch {
	case err == nil, errors.Is(err, os.ErrDeadlineExceeded), errors.Is(err, net.ErrClosed), errors.Is(err, io.ErrClosedPipe):
	case errors.Is(err, io.EOF):
		c.rec.mark(c.out.opposite(), End)
	default:
		c.rec.mark(c.out.opposite(), Reset)
	}
}

// Close ends this side, and records it as SetLinger made it.
func (c *recordedConn) Close() error {
	kind := End
	if c.resets.Load() {
		kind = Reset
	}
	c.rec.mark(c.out, kind)
	return c.Conn.Close()
}

// CloseWrite ends what this side sends and leaves it reading (half-close). The
// error wraps errors.ErrUnsupported where the connection cannot do that.
func (c *recordedConn) CloseWrite() error {
	half, ok := c.Conn.(interface{ CloseWrite() error })
	if !ok {
		return fmt.Errorf("half-close of a %T: %w", c.Conn, errors.ErrUnsupported)
	}
	c.rec.mark(c.out, End)
	return half.CloseWrite()
}

// SetLinger is that of net.TCPConn: with 0, Close breaks the connection off.
// The error wraps errors.ErrUnsupported where the connection cannot do that.
func (c *recordedConn) SetLinger(seconds int) error {
	tcp, ok := c.Conn.(interface{ SetLinger(int) error })
	if !ok {
		return fmt.Errorf("linger of a %T: %w", c.Conn, errors.ErrUnsupported)
	}
	c.resets.Store(seconds == 0)
	return tcp.SetLinger(seconds)
}
