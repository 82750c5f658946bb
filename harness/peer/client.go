package peer

import (
	"bufio"
	"context"
	"crypto/rsa"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"slices"
	"time"

	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/seal"
	"github.com/xferspec/xferspec/spec/wire"
)

// maxResponse bounds what a Client reads of one response, in bytes: the
// longest of any edition has 286.
const maxResponse = 64 << 10

// Options are what a Client needs to know beyond the address.
type Options struct {
	Edition *spec.Edition
	Timeout time.Duration // for each answer and each write

	// Pace is called between two messages of which the first has no answer: a
	// server that takes what it receives for one message gets them apart by it.
	Pace func()
	// Redial opens a new connection for a message that follows an answer: for a
	// server that ends connections after every answer.
	Redial bool
	// Checksum, if not nil, stands for that of CRC-1: for a server that computes
	// another one, so that it can be judged whether it computes that of the right bytes.
	Checksum Checksum
	// Watch, if not nil, is given every connection that the client opens, and
	// returns the one to use: that which a trace.Recorder makes of it.
	Watch func(*Client, net.Conn) net.Conn
}

// Client talks to a server under test over one connection. Its methods are to
// be called from one goroutine at a time.
type Client struct {
	Edition *spec.Edition
	Name    string          // as registered
	ID      wire.ID         // goes into the header of every request
	Key     *rsa.PrivateKey // whose public half the server was sent last
	AES     []byte          // of the last 1602 or 1605; nil if none could be unwrapped
	Timeout time.Duration

	// Cut, if set, says in which pieces every message is written; else it goes
	// out in one write. Between, if set, is called between two pieces.
	Cut     func(message []byte) [][]byte
	Between func()

	o        Options
	open     func() error
	conn     net.Conn
	in       *bufio.Reader
	stop     func() bool
	sent     []byte // last
	pending  bool   // the last message has no answer yet
	answered bool   // it has one
	sendErr  error
}

// Dial connects to a server. The connection's deadlines follow ctx.
func Dial(ctx context.Context, addr string, o Options) (*Client, error) {
	c := &Client{Edition: o.Edition, Timeout: o.Timeout, o: o}
	c.open = func() error { return c.connect(ctx, addr) }
	return c, c.open()
}

// connect opens a connection in place of the one before, if there was one.
func (c *Client) connect(ctx context.Context, addr string) error {
	dialer := net.Dialer{Timeout: c.Timeout}
	conn, err := dialer.DialContext(ctx, "tcp", addr)
	if err != nil {
		return err
	}
	if c.conn != nil {
		c.Close()
	}
	if c.o.Watch != nil {
		conn = c.o.Watch(c, conn)
	}
	c.conn, c.in, c.sendErr = conn, bufio.NewReader(conn), nil
	c.stop = context.AfterFunc(ctx, func() { _ = conn.Close() })
	return nil
}

// Close ends the connection.
func (c *Client) Close() {
	c.stop()
	_ = c.conn.Close()
}

// turn readies the connection for the next message, as the options say.
func (c *Client) turn() {
	if c.o.Redial && c.answered {
		_ = c.open() // if it fails, the old connection shows what is wrong
	}
	if c.o.Pace != nil && c.pending {
		c.o.Pace()
	}
	c.pending, c.answered = true, false
}

// LocalPort returns the client's source port, by which the conversation can be
// found in the server's own log.
func (c *Client) LocalPort() int {
	if addr, ok := c.conn.LocalAddr().(*net.TCPAddr); ok {
		return addr.Port
	}
	return 0
}

// As makes this connection speak for the client that another one belongs to.
func (c *Client) As(other *Client) *Client {
	c.Name, c.ID, c.Key, c.AES = other.Name, other.ID, other.Key, other.AES
	return c
}

// Encode returns the bytes of a request. It panics if the request cannot be
// encoded, which is a fault of the caller: wrong bytes are made with Frame.
func (c *Client) Encode(m wire.Message) []byte {
	b, err := wire.AppendRequest(nil, c.Edition, c.ID, m)
	if err != nil {
		panic(fmt.Sprintf("peer: encode %s: %v", m.Type(), err))
	}
	return b
}

// Frame returns a request whose bytes can be changed before they are sent.
func (c *Client) Frame(m wire.Message) *wire.Frame {
	f, err := wire.RequestFrame(c.Edition, c.ID, m)
	if err != nil {
		panic(fmt.Sprintf("peer: encode %s: %v", m.Type(), err))
	}
	return f
}

// Send sends a request in one write, or as Cut says.
func (c *Client) Send(m wire.Message) { c.SendBytes(c.Encode(m)) }

// SendBytes sends bytes in one write, or as Cut says. A failed write is not
// reported here: a server may have answered and closed, so what counts is what
// Receive finds.
func (c *Client) SendBytes(b []byte) {
	c.turn()
	c.sent = b
	if c.Cut == nil {
		c.write(b)
		return
	}
	for i, piece := range c.Cut(b) {
		if i > 0 && c.Between != nil {
			c.Between()
		}
		c.write(piece)
	}
}

// SendMore sends, in one write, bytes that go on where those sent last ended.
func (c *Client) SendMore(b []byte) {
	c.sent = append(slices.Clip(c.sent), b...)
	c.write(b)
}

// write sends nothing more once a write has failed: part of it may have gone
// out, and what follows would be read as its rest.
func (c *Client) write(b []byte) {
	if c.sendErr != nil {
		return
	}
	if err := c.conn.SetWriteDeadline(time.Now().Add(c.Timeout)); err != nil {
		c.sendErr = err
		return
	}
	_, c.sendErr = c.conn.Write(b)
}

// Sent describes what was sent last.
func (c *Client) Sent() string { return describe(c.Edition, c.sent) }

// CloseWrite half-closes the connection: the server sees its end, and can still answer.
func (c *Client) CloseWrite() {
	if half, ok := c.conn.(interface{ CloseWrite() error }); ok {
		c.sendErr = half.CloseWrite()
	}
}

// Receive waits for the next response.
func (c *Client) Receive() Reply { return c.ReceiveWithin(c.Timeout) }

// ReceiveWithin waits for the next response, at most so long.
func (c *Client) ReceiveWithin(limit time.Duration) Reply {
	_ = c.conn.SetReadDeadline(time.Now().Add(limit))
	raw := make([]byte, wire.ResponseHeaderSize)
	n, err := io.ReadFull(c.in, raw)
	if err != nil {
		return c.lost(raw[:n], err)
	}
	size := binary.LittleEndian.Uint32(raw[3:])
	if size > maxResponse {
		r := c.reply(raw)
		r.Outcome, r.Err = Malformed, &wire.Error{
			Clause: "FRM-4", Field: "payload size", Offset: 3, Reason: fmt.Sprintf("%d, and no response is that long", size),
		}
		return r
	}
	raw = append(raw, make([]byte, size)...)
	if n, err = io.ReadFull(c.in, raw[wire.ResponseHeaderSize:]); err != nil {
		return c.lost(raw[:wire.ResponseHeaderSize+n], err)
	}
	c.pending, c.answered = false, true
	r := c.reply(raw)
	if r.Header, r.Message, r.Err = wire.DecodeResponse(c.Edition, raw); r.Err != nil {
		r.Outcome, r.Message = Malformed, nil
	}
	return r
}

// lost is the reply when a read failed after part of a response.
func (c *Client) lost(raw []byte, err error) Reply {
	outcome := outcomeOf(err, len(raw))
	if c.sendErr != nil {
		err = fmt.Errorf("%w; sending failed before: %w", err, c.sendErr)
	}
	r := c.reply(raw)
	r.Outcome, r.Err = outcome, err
	return r
}

func (c *Client) reply(raw []byte) Reply {
	return Reply{Raw: raw, Edition: c.Edition, Sent: c.Sent(), Port: c.LocalPort()}
}

// Exchange sends a request and waits for the response to it.
func (c *Client) Exchange(m wire.Message) Reply {
	c.Send(m)
	return c.Receive()
}

// Register registers a name and keeps the id of the answer.
func (c *Client) Register(name string) Reply {
	r := c.Exchange(&wire.Register{Name: name})
	if m, ok := r.Message.(*wire.Registered); ok {
		c.Name, c.ID = name, m.Client
	}
	return r
}

// SendKey sends a public key and keeps it and the AES key of the answer.
func (c *Client) SendKey(key *rsa.PrivateKey) Reply {
	r := c.Exchange(&wire.PublicKey{Name: c.Name, Key: PublicDER(key)})
	if m, ok := r.Message.(*wire.KeyAccepted); ok {
		c.Key = key
		c.AES, _ = seal.Unwrap(key, m.Wrapped, c.Edition.KeySize())
	}
	return r
}

// Login logs in with the client's name and id and keeps the AES key of the answer.
func (c *Client) Login() Reply {
	r := c.Exchange(&wire.Login{Name: c.Name})
	if m, ok := r.Message.(*wire.LoginAccepted); ok && c.Key != nil { // a server may accept who never sent a key
		c.AES, _ = seal.Unwrap(c.Key, m.Wrapped, c.Edition.KeySize())
	}
	return r
}

// PublicDER returns the 160 bytes of DER that carry the key's public half (KEY-1).
func PublicDER(key *rsa.PrivateKey) []byte {
	der, err := seal.MarshalPublicKey(&key.PublicKey)
	if err != nil {
		panic(fmt.Sprintf("peer: a key that cannot be sent: %v", err)) // keys come from seal.GenerateKey
	}
	return der
}
