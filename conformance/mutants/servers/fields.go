package servers

import (
	"bytes"
	"encoding/binary"
	"slices"

	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/wire"
)

// fieldIn returns the bytes of a field, nil if the message has none of that name.
func fieldIn(fields []wire.Field, b []byte, name string) []byte {
	for _, f := range fields {
		if f.Name == name && f.Offset+f.Size <= len(b) {
			return b[f.Offset : f.Offset+f.Size]
		}
	}
	return nil
}

func uintIn(b []byte) uint64 {
	var le [8]byte
	copy(le[:], b)
	return binary.LittleEndian.Uint64(le[:])
}

func putUint(b []byte, value uint64) {
	var le [8]byte
	binary.LittleEndian.PutUint64(le[:], value)
	copy(b, le[:len(b)])
}

// field returns the bytes of a field, as a part of r.Head; nil if there is none.
func (r *request) field(name string) []byte { return fieldIn(r.fields, r.Head, name) }

// uint returns an integer field, 0 if there is none.
func (r *request) uint(name string) uint64 { return uintIn(r.field(name)) }

// put sets an integer field.
func (r *request) put(name string, value uint64) { putUint(r.field(name), value) }

// whole says whether the request has all its fixed fields.
func (r *request) whole() bool { return len(r.fields) > len(wire.HeaderLayout(true)) }

// text returns the text field of the request, "" if there is none.
func (r *request) text() string {
	for _, f := range r.fields {
		if f.Kind == wire.KindText {
			text, _, _ := bytes.Cut(r.Head[f.Offset:f.Offset+f.Size], []byte{0})
			return string(text)
		}
	}
	return ""
}

// setText sets the text field of the request.
func (r *request) setText(text string) {
	for _, f := range r.fields {
		if f.Kind == wire.KindText {
			clear(r.Head[f.Offset : f.Offset+f.Size])
			copy(r.Head[f.Offset:f.Offset+f.Size], text)
		}
	}
}

// field returns the bytes of a field, as a part of r.Bytes; nil if there is none.
func (r *response) field(name string) []byte { return fieldIn(r.fields, r.Bytes, name) }

// uint returns an integer field, 0 if there is none.
func (r *response) uint(name string) uint64 { return uintIn(r.field(name)) }

// put sets an integer field.
func (r *response) put(name string, value uint64) { putUint(r.field(name), value) }

// is says whether the response is of one of these types.
func (r *response) is(types ...spec.MessageType) bool {
	return slices.Contains(types, r.Type)
}

// become makes another message of the response.
func (r *response) become(ed *spec.Edition, m wire.Message) {
	f, err := wire.ResponseFrame(ed, m)
	if err != nil {
		panic("servers: " + err.Error())
	}
	r.Type, r.Bytes, r.fields = m.Type(), f.Bytes, f.Fields()
}

// textIn returns the text of a text field.
func textIn(field []byte) string {
	text, _, _ := bytes.Cut(field, []byte{0})
	return string(text)
}

// setTextIn sets the text of a text field.
func setTextIn(field []byte, text string) {
	clear(field)
	copy(field, text)
}
