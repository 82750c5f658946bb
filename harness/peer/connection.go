package peer

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"slices"
	"sync/atomic"
	"time"

	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/wire"
)

const (
	// maxRequest bounds what a Server reads of one request, in bytes: a file of
	// 64 MiB in one message fits.
	maxRequest = 80 << 20

	// maxReceived bounds what a Server reads of one client, in bytes: four times the
	// largest file fit. A request counts requestCost besides, a connection connectionCost.
	maxReceived    = 320 << 20
	requestCost    = 1 << 10
	connectionCost = 128 << 10

	// oddPatience is how long to wait for a payload of a size that its code does
	// not have. A client that has miscounted sends less and waits for an answer.
	oddPatience = 300 * time.Millisecond

	// drainTime bounds how long connections are read after the client has ended.
	// Only those that it left to other processes stay open for so long.
	drainTime = time.Second
)

// connection is a Server's end of one connection.
type connection struct {
	server   *Server
	conn     net.Conn
	in       *bufio.Reader
	number   int
	hurrying atomic.Bool
}

func newConnection(s *Server, conn net.Conn, number int) *connection {
	c := &connection{server: s, conn: conn, number: number}
	c.in = bufio.NewReaderSize(c, 64<<10)
	return c
}

// errTooMuch ends the connections of a client that has sent more than maxReceived.
var errTooMuch = fmt.Errorf("the client has sent more than %d MiB", maxReceived>>20)

// Read reads from the connection as long as the server takes more.
func (c *connection) Read(p []byte) (int, error) {
	n, err := c.conn.Read(p)
	if !c.server.takes(n) {
		return 0, errTooMuch
	}
	return n, err
}

// hurry leaves the connection drainTime to come to its end.
func (c *connection) hurry() {
	c.hurrying.Store(true)
	_ = c.conn.SetDeadline(time.Now().Add(drainTime))
}

// serve reads requests and answers them until the client or the script ends it.
func (c *connection) serve() {
	defer c.conn.Close()
	deaf := false // the client takes no more answers, but may have sent more
	for {
		r, leftover := c.read()
		if r.Raw == nil {
			c.server.noteLeftover(leftover)
			return
		}
		_ = c.server.takes(requestCost) // the next read sees what became of it
		answer := c.server.handle(r)
		if !deaf {
			deaf = c.say(answer) != nil
		}
		if answer.Close || answer.Reset {
			return
		}
	}
}

// read returns the next request; at the end of the stream one without Raw, and
// the bytes that there were of it.
func (c *connection) read() (r Request, leftover []byte) {
	raw := make([]byte, wire.RequestHeaderSize)
	if n, err := io.ReadFull(c.in, raw); err != nil {
		return r, raw[:n]
	}
	ed := c.server.ed
	r = Request{Conn: c.number, At: time.Now(), Edition: ed, Raw: raw, Header: wire.RequestHeader{
		Client: wire.ID(raw[:wire.IDSize]), Version: raw[16],
		Code: binary.LittleEndian.Uint16(raw[17:]), Size: binary.LittleEndian.Uint32(raw[19:]),
	}}
	odd := checkHeader(r)
	if odd != nil && (r.Meant() == spec.TypeUnknown || r.Header.Size > maxRequest) {
		r.Err, r.Adrift = odd, true
		return r, nil
	}
	var err error
	var n int
	r.Raw, err = c.readPayload(raw, int(r.Header.Size), odd != nil)
	n = len(r.Raw) - len(raw)
	switch {
	case errors.Is(err, os.ErrDeadlineExceeded) && odd != nil:
		r.Err, r.Adrift = fmt.Errorf("%w, and sends %d", odd, n), true
	case err != nil:
		return Request{}, r.Raw
	default:
		if _, r.Message, r.Err = wire.DecodeRequest(ed, r.Raw); r.Err != nil {
			r.Message = nil
		}
	}
	return r, nil
}

// readPayload appends a payload to its header, one of an odd size with a limited
// patience. Memory is taken as the payload comes, not as it was declared.
func (c *connection) readPayload(raw []byte, size int, odd bool) ([]byte, error) {
	if odd {
		_ = c.conn.SetReadDeadline(time.Now().Add(oddPatience))
		defer func() {
			_ = c.conn.SetReadDeadline(time.Time{})
			if c.hurrying.Load() {
				c.hurry()
			}
		}()
	}
	for end := len(raw) + size; len(raw) < end; {
		begin := len(raw)
		raw = slices.Grow(raw, min(end-begin, payloadStep))
		raw = raw[:min(end, cap(raw))]
		n, err := io.ReadFull(c.in, raw[begin:])
		if err != nil {
			return raw[:begin+n], err
		}
	}
	return raw, nil
}

// payloadStep is how much memory is taken at least for what is to come of a payload, in bytes.
const payloadStep = 64 << 10

// checkHeader says what is odd about a header.
func checkHeader(r Request) error {
	t := r.Meant()
	if t == spec.TypeUnknown {
		return fmt.Errorf("the bytes where a header is due, % x, have no code of edition %s", r.Raw, r.Edition.Name)
	}
	least, open := wire.PayloadSize(r.Edition, t)
	size := int64(r.Header.Size)
	if size == int64(least) || open && size > int64(least) && size <= maxRequest {
		return nil
	}
	return fmt.Errorf("a %s request has %d bytes of payload, this one declares %d", t, least, size)
}

// say writes an answer as the script wants it written.
func (c *connection) say(a Answer) error {
	b := a.Bytes
	if b == nil && a.Message != nil {
		var err error
		if b, err = wire.AppendResponse(nil, c.server.ed, a.Message); err != nil {
			return fmt.Errorf("encode the answer: %w", err)
		}
	}
	for len(b) > 0 {
		n := len(b)
		if a.Pieces > 0 {
			n = min(n, a.Pieces)
		}
		if _, err := c.conn.Write(b[:n]); err != nil {
			return err
		}
		if b = b[n:]; len(b) > 0 && a.Gap > 0 {
			<-time.After(a.Gap)
		}
	}
	if tcp, ok := c.conn.(interface{ SetLinger(int) error }); ok && a.Reset {
		return errors.Join(tcp.SetLinger(0), c.conn.Close())
	}
	return nil
}
