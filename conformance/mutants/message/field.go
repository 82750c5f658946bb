package message

import (
	"bytes"
	"encoding/binary"

	"github.com/xferspec/xferspec/spec/wire"
)

// Field returns the bytes of a field in a message that has been laid out, nil if it
// has none of that name, or not all of it.
func Field(layout []wire.Field, message []byte, name string) []byte {
	for _, f := range layout {
		if f.Name == name && f.Offset+f.Size <= len(message) {
			return message[f.Offset : f.Offset+f.Size]
		}
	}
	return nil
}

// Uint returns the value of an integer field of at most 8 bytes, 0 for nil.
func Uint(field []byte) uint64 {
	var le [8]byte
	copy(le[:], field)
	return binary.LittleEndian.Uint64(le[:])
}

// Put sets an integer field to as much of a value as it holds.
func Put(field []byte, value uint64) {
	var le [8]byte
	binary.LittleEndian.PutUint64(le[:], value)
	copy(field, le[:])
}

// Text returns the text in a text field.
func Text(field []byte) string {
	text, _, _ := bytes.Cut(field, []byte{0})
	return string(text)
}

// SetText sets it, as far as it fits, and fills the rest with zeros.
func SetText(field []byte, text string) {
	clear(field)
	copy(field, text)
}
