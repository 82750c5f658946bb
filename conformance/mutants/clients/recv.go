package clients

import (
	"io"
	"net"

	"github.com/xferspec/xferspec/conformance/mutants/message"
	"github.com/xferspec/xferspec/spec/wire"
)

// receiver reads header and payload of a response with one call each. What is then
// missing is the end of the stream to it, or zeros.
type receiver struct {
	net.Conn
	strict bool
	ready  []byte
}

func receiving(strict bool) mutation {
	return func(p *process) {
		p.transport = func(conn net.Conn) net.Conn { return &receiver{Conn: conn, strict: strict} }
	}
}

// Read implements net.Conn.
func (r *receiver) Read(p []byte) (int, error) {
	if len(r.ready) == 0 {
		header, err := r.part(wire.ResponseHeaderSize)
		if err != nil {
			return 0, err
		}
		r.ready = header
		if size, _ := message.ResponseSize(header); size > wire.ResponseHeaderSize && size <= maxResponse {
			payload, err := r.part(int(size) - wire.ResponseHeaderSize)
			if err != nil {
				return 0, err
			}
			r.ready = append(r.ready, payload...)
		}
	}
	n := copy(p, r.ready)
	r.ready = r.ready[n:]
	return n, nil
}

func (r *receiver) part(size int) ([]byte, error) {
	b := make([]byte, size)
	n, err := r.Conn.Read(b)
	if n == 0 && err != nil {
		return nil, err
	}
	if r.strict && n < size {
		return nil, io.ErrUnexpectedEOF
	}
	return b, nil
}
