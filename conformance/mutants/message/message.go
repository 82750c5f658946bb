// Package message has messages on their way as bytes whose fields can be looked at
// and changed, however wrong that makes them. Mutants of both roles use it.
package message

import (
	"bytes"
	"encoding/binary"
	"slices"

	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/wire"
)

// Message is a request or a response, whole or not.
type Message struct {
	Type  spec.MessageType // by its code; spec.TypeUnknown for a code that the edition does not have
	Bytes []byte           // to be changed at will

	fields []wire.Field
}

// Request returns the request that b is, with a header at least.
func Request(ed *spec.Edition, b []byte) *Message {
	return open(ed, ed.Request(binary.LittleEndian.Uint16(b[wire.IDSize+1:])), b, wire.RequestHeaderSize)
}

// Response returns the response that b is, with a header at least.
func Response(ed *spec.Edition, b []byte) *Message {
	return open(ed, ed.Response(binary.LittleEndian.Uint16(b[1:])), b, wire.ResponseHeaderSize)
}

func open(ed *spec.Edition, t spec.MessageType, b []byte, header int) *Message {
	return &Message{Type: t, Bytes: b, fields: wire.Layout(ed, t, len(b)-header)}
}

// RequestSize returns how many bytes the request has that b begins with, by its own
// account; ok is false if not all of its header is there.
func RequestSize(b []byte) (size int64, ok bool) { return sizeOf(b, wire.RequestHeaderSize) }

// ResponseSize does the same for a response.
func ResponseSize(b []byte) (size int64, ok bool) { return sizeOf(b, wire.ResponseHeaderSize) }

// sizeOf reads the payload size, with which both headers end.
func sizeOf(b []byte, header int) (int64, bool) {
	if len(b) < header {
		return 0, false
	}
	return int64(header) + int64(binary.LittleEndian.Uint32(b[header-4:])), true
}

// Is says whether the message is of one of these types.
func (m *Message) Is(types ...spec.MessageType) bool { return slices.Contains(types, m.Type) }

// Field returns the bytes of a field, as a part of m.Bytes; nil if there is none of
// that name, or not all of it.
func (m *Message) Field(name string) []byte { return Field(m.fields, m.Bytes, name) }

// Uint returns an integer field, 0 if there is none.
func (m *Message) Uint(name string) uint64 { return Uint(m.Field(name)) }

// Put sets an integer field, if there is one, to as much of a value as it holds.
func (m *Message) Put(name string, value uint64) { Put(m.Field(name), value) }

// Turn puts the bytes of an integer field in the other order.
func (m *Message) Turn(name string) { slices.Reverse(m.Field(name)) }

// Text returns the text of the message's text field, "" if it has none.
func (m *Message) Text() string { return Text(m.textField()) }

// SetText sets it, as far as it fits, and fills the rest with zeros.
func (m *Message) SetText(text string) { SetText(m.textField(), text) }

// Padding returns the bytes after the NUL of the text field, as a part of m.Bytes.
func (m *Message) Padding() []byte {
	_, padding, _ := bytes.Cut(m.textField(), []byte{0})
	return padding
}

func (m *Message) textField() []byte {
	for _, f := range m.fields {
		if f.Kind == wire.KindText {
			return m.Field(f.Name)
		}
	}
	return nil
}
