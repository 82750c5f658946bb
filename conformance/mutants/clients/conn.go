package clients

import (
	"errors"
	"net"
	"os"
	"slices"
	"time"

	"github.com/xferspec/xferspec/conformance/mutants/message"
	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/seal"
	"github.com/xferspec/xferspec/spec/wire"
)

// conn is a connection that knows frames. What the reference sends is shown to the
// hooks request by request before the server reads it, what the server answers
// before the reference does.
type conn struct {
	net.Conn
	process *process

	onRequest  []func(c *conn, r *message.Message) // may change its Bytes, also to none or to several requests
	onResponse []func(c *conn, r *message.Message) // likewise
	onEnd      []func(c *conn, err error)          // at the end of the stream of answers, or of what the server takes
	deliver    func(p []byte) (int, error)         // writes to the server

	out     []byte           // written by the reference, no whole request yet
	in      []byte           // read from the server, no whole response yet
	ready   []byte           // for the reference
	raw     bool             // what comes is no response, and is handed on as it is
	err     error            // ended the stream of answers
	asked   spec.MessageType // the last request
	wrapped []byte           // the AES key that the server gave out last
}

// maxResponse bounds what is taken for a response, in bytes.
const maxResponse = 1 << 16

// Write takes bytes of the reference and hands whole requests on.
func (c *conn) Write(p []byte) (int, error) {
	c.out = append(c.out, p...)
	var batch []byte
	for {
		size, ok := message.RequestSize(c.out)
		if !ok || int64(len(c.out)) < size {
			break
		}
		r := message.Request(c.process.edition, c.out[:size:size])
		c.out = c.out[size:]
		c.asked = r.Type
		for _, hook := range c.onRequest {
			hook(c, r)
		}
		batch = append(batch, r.Bytes...)
	}
	if err := c.send(batch); err != nil {
		return 0, err
	}
	return len(p), nil
}

// maxWrite is how much is written at a time, in bytes: the reference gives the server
// some time for about as much.
const maxWrite = 256 << 10

// send writes bytes to the server.
func (c *conn) send(p []byte) error {
	for piece := range slices.Chunk(p, maxWrite) {
		if len(p) > maxWrite {
			_ = c.SetWriteDeadline(time.Now().Add(c.process.timeout))
		}
		if _, err := c.deliver(piece); err != nil {
			c.ended(err)
			return err
		}
	}
	return nil
}

// Read gives the reference the bytes of one response, or of a part of it.
func (c *conn) Read(p []byte) (int, error) {
	for len(c.ready) == 0 {
		b, err := c.next()
		if err != nil {
			return 0, err
		}
		if len(b) < wire.ResponseHeaderSize || c.raw { // no response, or not all of its header
			c.ready = b
			break
		}
		r := message.Response(c.process.edition, b)
		if key := r.Field("wrapped key"); key != nil {
			c.wrapped = append([]byte(nil), key...)
		}
		for _, hook := range c.onResponse {
			hook(c, r)
		}
		c.ready = r.Bytes
	}
	n := copy(p, c.ready)
	c.ready = c.ready[n:]
	return n, nil
}

// next returns the next response of the server, or what there is of one when the
// stream ends; a deadline that passes ends nothing.
func (c *conn) next() ([]byte, error) {
	for {
		size, ok := message.ResponseSize(c.in)
		c.raw = c.raw || ok && size > maxResponse
		switch {
		case c.raw && len(c.in) > 0:
			size = int64(len(c.in))
		case ok && int64(len(c.in)) >= size:
		case c.err != nil && len(c.in) > 0:
			size = int64(len(c.in))
		case c.err != nil:
			c.ended(c.err)
			return nil, c.err
		default:
			if err := c.fill(); err != nil {
				return nil, err
			}
			continue
		}
		b := append([]byte(nil), c.in[:size]...)
		c.in = c.in[size:]
		return b, nil
	}
}

func (c *conn) fill() error {
	buf := make([]byte, 4096)
	n, err := c.Conn.Read(buf)
	c.in = append(c.in, buf[:n]...)
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return err
	}
	c.err = err
	return nil
}

func (c *conn) ended(err error) {
	if errors.Is(err, os.ErrDeadlineExceeded) || errors.Is(err, net.ErrClosed) {
		return // the reference's own doing
	}
	for _, hook := range c.onEnd {
		hook(c, err)
	}
}

// ask sends a request that the reference knows nothing of, and returns the answer;
// nil if there is none.
func (c *conn) ask(m wire.Message) *message.Message {
	if c.send(c.request(m)) != nil {
		return nil
	}
	b, err := c.next()
	if err != nil || len(b) < wire.ResponseHeaderSize {
		return nil
	}
	return message.Response(c.process.edition, b)
}

// request returns a request of this client as bytes.
func (c *conn) request(m wire.Message) []byte {
	b, err := wire.AppendRequest(nil, c.process.edition, c.process.identity().Client, m)
	if err != nil {
		panic("clients: " + err.Error())
	}
	return b
}

// response returns a response as bytes.
func (c *conn) response(m wire.Message) []byte {
	b, err := wire.AppendResponse(nil, c.process.edition, m)
	if err != nil {
		panic("clients: " + err.Error())
	}
	return b
}

// aesKey returns the AES key that the server gave out last, nil if the client cannot
// have it.
func (c *conn) aesKey() []byte {
	private := c.process.privateKey()
	if private == nil {
		return nil
	}
	key, err := seal.Unwrap(private, c.wrapped, c.process.edition.KeySize())
	if err != nil {
		return nil
	}
	return key
}
