package wire

import (
	"bytes"
	"encoding/binary"
	"fmt"

	"github.com/xferspec/xferspec/spec"
)

// DecodeRequest takes one whole request apart. It is strict: a wrong size, a
// text without a NUL or outside printable ASCII, a code that the edition does
// not have are errors of type *Error. The version is not judged (VER-3).
// The message's slices are parts of frame.
func DecodeRequest(ed *spec.Edition, frame []byte) (RequestHeader, Message, error) {
	if err := checkWhole(frame, true); err != nil {
		return RequestHeader{}, nil, err
	}
	h := parseRequestHeader(frame)
	m, err := decodeMessage(ed, ed.Request(h.Code), h.Code, h.Client, frame[RequestHeaderSize:], true)
	return h, m, err
}

// DecodeResponse takes one whole response apart, as strictly as DecodeRequest;
// the version is not judged (VER-4).
func DecodeResponse(ed *spec.Edition, frame []byte) (ResponseHeader, Message, error) {
	if err := checkWhole(frame, false); err != nil {
		return ResponseHeader{}, nil, err
	}
	h := parseResponseHeader(frame)
	m, err := decodeMessage(ed, ed.Response(h.Code), h.Code, ID{}, frame[ResponseHeaderSize:], false)
	return h, m, err
}

// checkWhole wants a complete header and exactly the payload that it declares (FRM-4).
func checkWhole(frame []byte, request bool) error {
	size := headerSize(request)
	if len(frame) < size {
		clause := "FRM-2"
		if !request {
			clause = "FRM-3"
		}
		return &Error{clause, fieldAt(HeaderLayout(request), len(frame)), len(frame), fmt.Sprintf("the header ends after %d of %d bytes", len(frame), size)}
	}
	declared := binary.LittleEndian.Uint32(frame[sizeOffset(request):])
	if have := len(frame) - size; uint64(have) != uint64(declared) {
		return &Error{"FRM-4", "payload size", sizeOffset(request), fmt.Sprintf("%d declared, %d bytes follow the header", declared, have)}
	}
	return nil
}

// decodeMessage takes apart the payload of a whole message.
func decodeMessage(ed *spec.Edition, t spec.MessageType, code uint16, client ID, payload []byte, request bool) (Message, error) {
	if t == spec.TypeUnknown {
		return nil, unknownCode(ed, code, request)
	}
	if err := sizeOf(ed, t).check(t, uint32(len(payload))); err != nil {
		return nil, err
	}
	m := New(t)
	d := decoder{client: client, payload: payload, base: headerSize(request)}
	if m.fields(ed, &d); d.err != nil {
		return nil, d.err
	}
	return m, nil
}

// decoder is the visitor that reads; it stops at the first error. The payload
// was checked to be long enough for the layout.
type decoder struct {
	client  ID
	payload []byte
	pos     int // in payload
	base    int // header size: what to add for an offset in the message
	err     error
}

func (d *decoder) take(n int) []byte {
	d.pos += n
	return d.payload[d.pos-n : d.pos : d.pos]
}

func (d *decoder) id(_ string, v *ID)      { *v = ID(d.take(IDSize)) }
func (d *decoder) u16(_ string, v *uint16) { *v = binary.LittleEndian.Uint16(d.take(2)) }
func (d *decoder) u32(_ string, v *uint32) { *v = binary.LittleEndian.Uint32(d.take(4)) }

func (d *decoder) fixed(_, _ string, v *[]byte, size int) { *v = d.take(size) }

func (d *decoder) rest(_ string, v *[]byte) {
	if n := len(d.payload) - d.pos; n > 0 { // else nil, what no content was encoded from
		*v = d.take(n)
	}
}

func (d *decoder) text(name string, v *string) {
	offset := d.base + d.pos
	text, err := cutText(name, d.take(TextSize), offset)
	if err == nil && string(text) == *v {
		return // the packet before had the same name: it was checked, and its string serves again
	}
	if err == nil {
		err = checkText(name, text, offset)
	}
	switch {
	case d.err != nil:
	case err != nil:
		d.err = err
	default:
		*v = string(text)
	}
}

func (d *decoder) repeatID() {
	offset := d.base + d.pos
	if !bytes.Equal(d.take(IDSize), d.client[:]) && d.err == nil {
		d.err = &Error{"FIL-17", repeatedID, offset, "differs from the id in the header"}
	}
}
