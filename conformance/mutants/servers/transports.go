package servers

import (
	"encoding/binary"
	"errors"
	"io"
	"net"
	"sync"

	"github.com/xferspec/xferspec/spec/wire"
)

// The transports below read from the socket as programs do that do not know what
// TCP is. What they give on is whole frames, or what they take for such.

// declared returns the length of the frame that a header announces.
func declared(header []byte) int {
	return wire.RequestHeaderSize + int(binary.LittleEndian.Uint32(header[19:]))
}

// buffered gives on what was put into it, and then asks for more.
type buffered struct{ out []byte }

func (b *buffered) read(p []byte, more func() ([]byte, error)) (int, error) {
	for len(b.out) == 0 {
		var err error
		if b.out, err = more(); err != nil {
			return 0, err
		}
	}
	n := copy(p, b.out)
	b.out = b.out[n:]
	return n, nil
}

// oneRecv takes one recv for one message: what is missing is zeros, what is too
// much is lost.
type oneRecv struct {
	net.Conn
	buffered
}

// Read implements net.Conn.
func (c *oneRecv) Read(p []byte) (int, error) {
	return c.read(p, func() ([]byte, error) {
		b := make([]byte, 64<<10)
		n, err := c.Conn.Read(b)
		if n < wire.RequestHeaderSize {
			return b[:n], err
		}
		if size := declared(b); size <= len(b) {
			return b[:size], nil
		}
		return b[:n], nil
	})
}

// shortPayload reads headers well, and payloads with one recv.
type shortPayload struct {
	net.Conn
	buffered
	header []byte
}

// Read implements net.Conn.
func (c *shortPayload) Read(p []byte) (int, error) {
	return c.read(p, func() ([]byte, error) {
		for len(c.header) < wire.RequestHeaderSize {
			b := make([]byte, wire.RequestHeaderSize-len(c.header))
			n, err := c.Conn.Read(b)
			c.header = append(c.header, b[:n]...)
			if err != nil && n == 0 {
				if !isTimeout(err) {
					rest := c.header
					if c.header = nil; len(rest) > 0 {
						return rest, nil
					}
				}
				return nil, err
			}
		}
		size := declared(c.header)
		if size > 1<<20 || size == wire.RequestHeaderSize {
			defer func() { c.header = nil }()
			return c.header, nil
		}
		b := make([]byte, size)
		copy(b, c.header)
		if _, err := c.Conn.Read(b[wire.RequestHeaderSize:]); isTimeoutOf(err) {
			return nil, err
		}
		c.header = nil
		return b, nil
	})
}

func isTimeoutOf(err error) bool { return err != nil && isTimeout(err) }

// tooFar reads up to 4096 bytes at a time, and forgets what follows a message.
type tooFar struct {
	net.Conn
	buffered
	in []byte
}

// Read implements net.Conn.
func (c *tooFar) Read(p []byte) (int, error) {
	return c.read(p, func() ([]byte, error) {
		b := make([]byte, 4096)
		n, err := c.Conn.Read(b)
		c.in = append(c.in, b[:n]...)
		if n == 0 {
			rest := c.in
			if isTimeoutOf(err) || len(rest) == 0 {
				return nil, err
			}
			c.in = nil
			return rest, nil
		}
		if len(c.in) < wire.RequestHeaderSize || len(c.in) < declared(c.in) && declared(c.in) < 1<<27 {
			return nil, nil
		}
		message := c.in[:min(len(c.in), declared(c.in))]
		c.in = nil
		return message, nil
	})
}

// impatient takes a single byte for the end.
type impatient struct {
	net.Conn
	ended bool
}

// Read implements net.Conn.
func (c *impatient) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	if n == 1 {
		c.ended = true
	}
	if c.ended {
		return 0, io.EOF
	}
	return n, err
}

// CloseWrite ends the server's half.
func (c *impatient) CloseWrite() error { return halfClose(c.Conn) }

// CloseWrite ends the server's half.
func (c *oneRecv) CloseWrite() error { return halfClose(c.Conn) }

// CloseWrite ends the server's half.
func (c *shortPayload) CloseWrite() error { return halfClose(c.Conn) }

// CloseWrite ends the server's half.
func (c *tooFar) CloseWrite() error { return halfClose(c.Conn) }

// CloseWrite ends the server's half.
func (c *blocking) CloseWrite() error { return halfClose(c.Conn) }

func halfClose(c net.Conn) error {
	half, ok := c.(interface{ CloseWrite() error })
	if !ok {
		return errors.ErrUnsupported
	}
	return half.CloseWrite()
}

// blocking holds a lock from the first byte of a message to its last.
type blocking struct {
	net.Conn
	turn *sync.Mutex
	held bool
	in   []byte // of the message, up to its header's end
	left int    // bytes of the payload that are missing
}

// Read implements net.Conn.
func (c *blocking) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	for rest := p[:n]; len(rest) > 0; {
		if !c.held {
			c.turn.Lock()
			c.held = true
		}
		if c.left == 0 {
			k := min(len(rest), wire.RequestHeaderSize-len(c.in))
			c.in = append(c.in, rest[:k]...)
			rest = rest[k:]
			if len(c.in) < wire.RequestHeaderSize {
				break
			}
			c.left = declared(c.in) - wire.RequestHeaderSize
		}
		k := min(len(rest), c.left)
		c.left -= k
		rest = rest[k:]
		if c.left == 0 {
			c.in = nil
			c.release()
		}
	}
	if err != nil && !isTimeout(err) {
		c.release()
	}
	return n, err
}

func (c *blocking) release() {
	if c.held {
		c.held = false
		c.turn.Unlock()
	}
}

// Close implements net.Conn.
func (c *blocking) Close() error {
	c.release()
	return c.Conn.Close()
}
