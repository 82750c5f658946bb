package wire

import (
	"encoding/binary"
	"fmt"
	"math"

	"github.com/xferspec/xferspec/spec"
)

// AppendRequest appends a whole request, header included, to dst. What cannot
// be sent is an *Error, and dst is returned as it was: a text of more than 254
// bytes or outside printable ASCII, a key that is not 160 bytes long. A message
// that is no request of the edition is an error too, of no type of its own.
func AppendRequest(dst []byte, ed *spec.Edition, client ID, m Message) ([]byte, error) {
	return appendMessage(dst, ed, client, m, 0, true)
}

// AppendFileHead appends a file request up to its content, which the caller
// appends or writes next: exactly contentLen bytes. m.Content is ignored.
func AppendFileHead(dst []byte, ed *spec.Edition, client ID, m *File, contentLen int) ([]byte, error) {
	head := *m
	head.Content = nil
	return appendMessage(dst, ed, client, &head, contentLen, true)
}

// AppendResponse appends a whole response, header included, to dst. What
// cannot be sent is an *Error, as with AppendRequest.
func AppendResponse(dst []byte, ed *spec.Edition, m Message) ([]byte, error) {
	return appendMessage(dst, ed, ID{}, m, 0, false)
}

// appendMessage encodes m; promised bytes of payload are counted, not written.
func appendMessage(dst []byte, ed *spec.Edition, client ID, m Message, promised int, request bool) ([]byte, error) {
	code, ok := ed.Code(m.Type())
	if !ok || m.Type().IsRequest() != request {
		return dst, fmt.Errorf("%s is no %s of edition %s", m.Type(), direction(request), ed.Name)
	}
	start := len(dst)
	e := encoder{client: client, start: start}
	if request {
		e.buf = RequestHeader{Client: client, Version: ed.Version, Code: code}.Append(dst)
	} else {
		e.buf = ResponseHeader{Version: ed.Version, Code: code}.Append(dst)
	}
	m.fields(ed, &e)
	if e.err != nil {
		return dst, e.err
	}
	size := len(e.buf) - start - headerSize(request) + promised
	if uint64(size) > math.MaxUint32 {
		return dst, &Error{"FRM-4", "payload size", sizeOffset(request), fmt.Sprintf("%d bytes of payload do not fit a u32", size)}
	}
	binary.LittleEndian.PutUint32(e.buf[start+sizeOffset(request):], uint32(size))
	return e.buf, nil
}

// encoder is the visitor that writes; it stops at the first error.
type encoder struct {
	buf    []byte
	start  int // of the message in buf
	client ID
	err    error
}

func (e *encoder) offset() int { return len(e.buf) - e.start }

func (e *encoder) id(_ string, v *ID)       { e.buf = append(e.buf, v[:]...) }
func (e *encoder) u16(_ string, v *uint16)  { e.buf = binary.LittleEndian.AppendUint16(e.buf, *v) }
func (e *encoder) u32(_ string, v *uint32)  { e.buf = binary.LittleEndian.AppendUint32(e.buf, *v) }
func (e *encoder) rest(_ string, v *[]byte) { e.buf = append(e.buf, *v...) }
func (e *encoder) repeatID()                { e.buf = append(e.buf, e.client[:]...) }

func (e *encoder) text(name string, v *string) {
	if e.err != nil {
		return
	}
	if e.err = checkText(name, *v, e.offset()); e.err == nil {
		e.buf = appendText(e.buf, *v)
	}
}

func (e *encoder) fixed(name, clause string, v *[]byte, size int) {
	if e.err == nil && len(*v) != size {
		e.err = &Error{clause, name, e.offset(), fmt.Sprintf("%d bytes, the field takes exactly %d", len(*v), size)}
	}
	e.buf = append(e.buf, *v...)
}
