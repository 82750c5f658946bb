package wire

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/xferspec/xferspec/spec"
)

// readerSize is the least buffer that a reader works with, in bytes: every
// message but a file's content fits in whole.
const readerSize = 1024

// stream takes messages from a byte stream, however it is segmented (FRM-5).
type stream struct {
	buf   *bufio.Reader
	ed    *spec.Edition
	sizes [spec.TypeError + 1]payloadSize // by message type, so that no packet computes them
	left  uint64                          // bytes of the current payload that were not handed out yet
	file  File                            // reused from packet to packet
	dec   decoder                         // likewise
}

func newStream(r io.Reader, ed *spec.Edition, bufferSize int, types []spec.MessageType) stream {
	s := stream{buf: bufio.NewReaderSize(r, max(bufferSize, readerSize)), ed: ed}
	for _, t := range types {
		s.sizes[t] = sizeOf(ed, t)
	}
	return s
}

// RequestReader reads requests from a stream. It is not safe for concurrent use.
type RequestReader struct{ stream }

// ResponseReader reads responses from a stream. It is not safe for concurrent use.
type ResponseReader struct{ stream }

// NewRequestReader returns a reader with a buffer of bufferSize bytes, which
// is all the memory it takes, whatever sizes are declared (FRM-13).
func NewRequestReader(r io.Reader, ed *spec.Edition, bufferSize int) *RequestReader {
	return &RequestReader{newStream(r, ed, bufferSize, spec.RequestTypes())}
}

// NewResponseReader returns a reader of responses.
func NewResponseReader(r io.Reader, ed *spec.Edition) *ResponseReader {
	return &ResponseReader{newStream(r, ed, readerSize, spec.ResponseTypes())}
}

// Next returns the next request. Of a file request it returns the fields
// before the content, in a struct that it uses again; Content returns the rest.
//
// At the end of the stream between two messages the error is io.EOF, inside
// one it wraps io.ErrUnexpectedEOF. What the bytes break is an *Error; what is
// left of the payload then can be skipped by Discard. The version is not judged.
func (r *RequestReader) Next() (RequestHeader, Message, error) {
	head, err := r.header(RequestHeaderSize)
	if err != nil {
		return RequestHeader{}, nil, err
	}
	h := parseRequestHeader(head)
	r.left = uint64(h.Size)
	r.skip(RequestHeaderSize)
	m, err := r.message(r.ed.Request(h.Code), h.Code, h.Client, true)
	return h, m, err
}

// Next returns the next response; its errors are those of RequestReader.Next.
func (r *ResponseReader) Next() (ResponseHeader, Message, error) {
	head, err := r.header(ResponseHeaderSize)
	if err != nil {
		return ResponseHeader{}, nil, err
	}
	h := parseResponseHeader(head)
	r.left = uint64(h.Size)
	r.skip(ResponseHeaderSize)
	m, err := r.message(r.ed.Response(h.Code), h.Code, ID{}, false)
	return h, m, err
}

// Buffered returns how many bytes were received but not read yet.
func (s *stream) Buffered() int { return s.buf.Buffered() }

// Content returns the next piece of the current payload, without copying it:
// it is valid until the next call of any method. After the last piece the
// error is io.EOF; if the stream ends before, it wraps io.ErrUnexpectedEOF.
func (s *stream) Content() ([]byte, error) {
	if s.left == 0 {
		return nil, io.EOF
	}
	if s.buf.Buffered() == 0 {
		if _, err := s.buf.Peek(1); err != nil {
			return nil, cutOff(err)
		}
	}
	n := int(min(uint64(s.buf.Buffered()), s.left))
	piece, _ := s.buf.Peek(n)
	s.skip(n)
	s.left -= uint64(n)
	return piece, nil
}

// Left returns how many bytes of the current payload were not handed out yet.
func (s *stream) Left() uint64 { return s.left }

// Discard reads on to the end of the current payload and drops what it reads.
func (s *stream) Discard() error {
	for s.left > 0 {
		if _, err := s.Content(); err != nil {
			return err
		}
	}
	return nil
}

// header waits for the next size bytes and leaves them in the buffer.
func (s *stream) header(size int) ([]byte, error) {
	if err := s.Discard(); err != nil {
		return nil, err
	}
	head, err := s.buf.Peek(size)
	if err == nil {
		return head, nil
	}
	if len(head) > 0 {
		return nil, cutOff(err)
	}
	return nil, err
}

// message decodes the payload's fields; the content of a file stays unread.
func (s *stream) message(t spec.MessageType, code uint16, client ID, request bool) (Message, error) {
	if t == spec.TypeUnknown {
		return nil, unknownCode(s.ed, code, request)
	}
	size := s.sizes[t]
	if err := size.check(t, uint32(s.left)); err != nil {
		return nil, err
	}
	payload, err := s.buf.Peek(size.least)
	if err != nil {
		return nil, cutOff(err)
	}
	var m Message = &s.file
	if !size.open {
		m = New(t)
		payload = bytes.Clone(payload) // m keeps parts of it
	}
	s.dec = decoder{client: client, payload: payload, base: headerSize(request)}
	m.fields(s.ed, &s.dec)
	s.skip(size.least)
	s.left -= uint64(size.least)
	if s.dec.err != nil {
		return nil, s.dec.err
	}
	return m, nil
}

// skip drops n bytes that are buffered for certain.
func (s *stream) skip(n int) { _, _ = s.buf.Discard(n) }

// cutOff makes the end of the stream inside a message an unexpected one.
func cutOff(err error) error {
	if errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	return fmt.Errorf("inside a message: %w", err)
}
