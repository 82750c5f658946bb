package generate

import (
	"encoding/binary"
	"slices"

	"github.com/xferspec/xferspec/vectors"
)

// frame is a message being built: its bytes, what they mean, and where each
// field lies. Nothing is checked, so that illegal frames can be built too.
type frame struct {
	ed      edition
	message string
	from    string
	bytes   []byte
	fields  vectors.Fields
	spans   []span
}

// span is the place of a field.
type span struct {
	name         string // as in vectors.Fields
	offset, size int
}

const (
	requestHeader  = 23
	responseHeader = 7
	version        = 3
)

// request begins a request; end completes it.
func request(ed edition, message string, client []byte) *frame {
	f := &frame{ed: ed, message: message, from: vectors.FromClient}
	f.octets("clientId", &f.fields.ClientID, client)
	return f.header()
}

// response begins a response; end completes it.
func response(ed edition, message string) *frame {
	f := &frame{ed: ed, message: message, from: vectors.FromServer}
	return f.header()
}

func (f *frame) header() *frame {
	f.fields.Version, f.fields.Code = version, f.ed.code(f.message)
	f.add("version", []byte{version})
	f.add("code", binary.LittleEndian.AppendUint16(nil, f.fields.Code))
	f.add("payloadSize", make([]byte, 4))
	return f
}

func (f *frame) headerSize() int {
	if f.from == vectors.FromServer {
		return responseHeader
	}
	return requestHeader
}

// end enters the size of the payload.
func (f *frame) end() *frame {
	f.declare(uint32(len(f.bytes) - f.headerSize()))
	return f
}

// declare enters any size of the payload.
func (f *frame) declare(size uint32) {
	f.fields.PayloadSize = size
	binary.LittleEndian.PutUint32(f.bytes[f.headerSize()-4:], size)
}

func (f *frame) add(name string, p []byte) {
	f.spans = append(f.spans, span{name, len(f.bytes), len(p)})
	f.bytes = append(f.bytes, p...)
}

func (f *frame) octets(name string, field *vectors.Hex, p []byte) {
	*field = append(vectors.Hex{}, p...) // shown even when empty
	f.add(name, p)
}

func (f *frame) u16(name string, field **uint16, v uint16) {
	*field = &v
	f.add(name, binary.LittleEndian.AppendUint16(nil, v))
}

func (f *frame) u32(name string, field **uint32, v uint32) {
	*field = &v
	f.add(name, binary.LittleEndian.AppendUint32(nil, v))
}

// text adds a text field of 255 bytes; of a longer text, what fits.
func (f *frame) text(name string, field **string, s string) {
	*field = &s
	p := make([]byte, 255)
	copy(p, s)
	f.add(name, p)
}

// span returns the place of a field, that in the payload where the header has one
// of the same name.
func (f *frame) span(name string) span {
	for _, s := range slices.Backward(f.spans) {
		if s.name == name {
			return s
		}
	}
	panic("no field " + name + " in " + f.message)
}

// put overwrites the beginning of a field without touching what it means.
func (f *frame) put(name string, p []byte) { copy(f.bytes[f.span(name).offset:], p) }

// textField returns the name of the frame's text field, or "".
func (f *frame) textField() string {
	switch {
	case f.fields.Name != nil:
		return "name"
	case f.fields.FileName != nil:
		return "fileName"
	}
	return ""
}
