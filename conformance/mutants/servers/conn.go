package servers

import (
	"encoding/binary"
	"errors"
	"net"
	"os"

	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/wire"
)

// conn is a connection that knows frames. What a client sends is shown to the
// hooks request by request before the reference reads it, what the reference
// answers before the client does.
type conn struct {
	net.Conn
	process *process
	number  int // of the connection in this process, from 1

	onRequest  []func(c *conn, r *request)
	onResponse []func(c *conn, r *response)
	onHeader   func(r *request)            // as soon as a header is there; r has nothing else
	onCut      func(rest []byte) []byte    // the client ended, maybe inside a request; returns what the reference is to see of it
	sizeOf     func(r *request) uint32     // how long the payload is taken to be
	closing    func()                      // the reference is about to close its half
	closed     func()                      // the reference has closed it
	deliver    func(p []byte) (int, error) // writes to the client

	in      []byte   // read and not taken apart
	out     []byte   // for the reference
	current *request // the one that the reference works on; nil before the first
	left    uint32   // bytes of its payload that in did not have yet
	err     error    // ended the connection
	raw     bool     // the reference has hung up and only drains

	racing    bool   // registration-race: the name was free
	oldKey    []byte // the AES key before the request
	oldFile   []byte // the file of that name before the request
	name      string // in the request, as it came
	resending string // the name of the file that 1030 announced
	sum       uint32 // of the file before
	piece     int    // how much is read at a time, in bytes
	announced bool   // onHeader has seen the header that in begins with
}

// request is a request up to where its content begins.
type request struct {
	Type   spec.MessageType
	Header wire.RequestHeader
	Head   []byte // header and fixed fields, to be changed at will; what is longer than the fields follows
	Skip   bool   // the reference does not get to see it

	body   func(content []byte) []byte // changes the content, piece by piece
	end    func()                      // runs when all of it was read
	fields []wire.Field
}

// response is a whole response, to be changed at will; nil Bytes are not sent.
type response struct {
	Type    spec.MessageType
	Bytes   []byte
	Request *request // that it answers
	fields  []wire.Field
}

// Read gives the reference the bytes of one request, or of a part of it.
func (c *conn) Read(p []byte) (int, error) {
	if c.raw && len(c.in)+len(c.out) == 0 {
		return c.Conn.Read(p)
	}
	for len(c.out) == 0 {
		if c.advance() {
			continue
		}
		if c.err != nil {
			return 0, c.err
		}
		if err := c.fill(); err != nil {
			return 0, err
		}
	}
	n := copy(p, c.out)
	c.out = c.out[n:]
	return n, nil
}

// fill reads more from the client. At its end, what remains of a request is passed
// on as it is; a deadline that passes ends nothing.
func (c *conn) fill() error {
	buf := make([]byte, c.piece)
	n, err := c.Conn.Read(buf)
	c.in = append(c.in, buf[:n]...)
	if err == nil || n > 0 {
		return nil
	}
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return err
	}
	c.err = err
	rest := c.in
	if c.onCut != nil {
		rest = c.onCut(rest)
	}
	c.out, c.in = append(c.out, rest...), nil
	return nil
}

// advance moves bytes from in to out and says whether it could.
func (c *conn) advance() bool {
	if c.left > 0 {
		n := min(len(c.in), int(c.left))
		c.pass(c.in[:n])
		c.in = c.in[n:]
		return n > 0
	}
	if len(c.in) < wire.RequestHeaderSize {
		return false
	}
	r := c.parse()
	if r == nil {
		return false
	}
	taken := len(r.Head)
	c.in = c.in[taken:]
	c.current = r
	c.left = r.Header.Size - uint32(taken-wire.RequestHeaderSize)
	for _, hook := range c.onRequest {
		hook(c, r)
	}
	if !r.Skip {
		c.out = append(c.out, r.Head...)
	}
	if c.left == 0 {
		c.finish()
	}
	return true
}

// pass hands a piece of the current request's content on.
func (c *conn) pass(piece []byte) {
	r := c.current
	c.left -= uint32(len(piece))
	if r.body != nil {
		piece = r.body(piece)
	}
	if !r.Skip {
		c.out = append(c.out, piece...)
	}
	if c.left == 0 {
		c.finish()
	}
}

func (c *conn) finish() {
	if c.current.end != nil {
		c.current.end()
	}
}

// Write takes one response of the reference, which writes each at once.
func (c *conn) Write(p []byte) (int, error) {
	r := &response{
		Type:  c.process.edition.Response(binary.LittleEndian.Uint16(p[1:])),
		Bytes: append([]byte(nil), p...), Request: c.current,
	}
	r.fields = wire.Layout(c.process.edition, r.Type, len(p)-wire.ResponseHeaderSize)
	if err := c.send(r); err != nil {
		return 0, err
	}
	return len(p), nil
}

// send shows a response to the hooks and writes it.
func (c *conn) send(r *response) error {
	for _, hook := range c.onResponse {
		hook(c, r)
	}
	if r.Bytes == nil {
		return nil
	}
	_, err := c.deliver(r.Bytes)
	return err
}

// answer sends a response that the reference knows nothing of.
func (c *conn) answer(m wire.Message) {
	b, err := wire.AppendResponse(nil, c.process.edition, m)
	if err != nil {
		panic("servers: " + err.Error())
	}
	_, _ = c.Write(b)
}

// Close ends the connection.
func (c *conn) Close() error {
	if c.closed != nil {
		c.closed()
		c.closed = nil
	}
	return c.Conn.Close()
}

// CloseWrite ends the server's half of the connection. After that the reference
// only drains it.
func (c *conn) CloseWrite() error {
	c.raw = true
	if c.closing != nil {
		c.closing()
	}
	return halfClose(c.Conn)
}

// parse returns the request that in begins with, up to its content, or nil if not
// all of that is there yet.
func (c *conn) parse() *request {
	ed, rest := c.process.edition, c.in[wire.IDSize:]
	h := wire.RequestHeader{
		Client: wire.ID(c.in[:wire.IDSize]), Version: rest[0],
		Code: binary.LittleEndian.Uint16(rest[1:]), Size: binary.LittleEndian.Uint32(rest[3:]),
	}
	r := &request{Type: ed.Request(h.Code), Header: h}
	if c.onHeader != nil && !c.announced {
		c.announced = true
		c.onHeader(r)
	}
	if c.sizeOf != nil {
		r.Header.Size = c.sizeOf(r)
	}
	fixed := 0
	if r.Type != spec.TypeUnknown {
		fixed, _ = wire.PayloadSize(ed, r.Type)
	}
	size := wire.RequestHeaderSize + int(min(r.Header.Size, uint32(fixed)))
	if len(c.in) < size {
		return nil
	}
	c.announced = false
	r.Head = append([]byte(nil), c.in[:size]...)
	r.fields = wire.HeaderLayout(true)
	if size-wire.RequestHeaderSize == fixed && fixed > 0 {
		r.fields = wire.Layout(ed, r.Type, fixed)
	}
	r.put("payload size", uint64(r.Header.Size))
	return r
}
