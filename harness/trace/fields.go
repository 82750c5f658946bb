package trace

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"strconv"

	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/wire"
)

// fieldsOf returns the layout of a frame. An unknown message has the fields of
// the header alone.
func fieldsOf(ed *spec.Edition, f *Frame) []wire.Field {
	if f.Type != spec.TypeUnknown {
		return wire.Layout(ed, f.Type, max(0, len(f.Bytes)-f.HeaderSize()))
	}
	other := spec.TypeRegister // any message of this direction
	if f.Dir == ToClient {
		other = spec.TypeRegistered
	}
	fields := wire.Layout(ed, other, 0)
	for i, field := range fields {
		if field.Offset >= f.HeaderSize() {
			return fields[:i]
		}
	}
	return fields
}

// value says what the bytes of a field mean. Fewer bytes than the field has
// are shown as what they are: a part.
func value(ed *spec.Edition, f *Frame, field wire.Field, b []byte) string {
	if len(b) < field.Size {
		return fmt.Sprintf("(%d of %d bytes)", len(b), field.Size)
	}
	switch field.Kind {
	case wire.KindUint:
		n := unsigned(b)
		if field.Name == "version" && n != uint64(ed.Version) {
			clause := map[Direction]string{ToServer: "VER-2", ToClient: "VER-1"}[f.Dir]
			return fmt.Sprintf("%d, not %d (%s)", n, ed.Version, clause)
		}
		return strconv.FormatUint(n, 10)
	case wire.KindID:
		return hex.EncodeToString(b)
	case wire.KindText:
		return textValue(b)
	default:
		return fmt.Sprintf("%d bytes", len(b))
	}
}

// unsigned reads a little-endian integer of up to 8 bytes (FRM-1).
func unsigned(b []byte) uint64 {
	var whole [8]byte
	copy(whole[:], b)
	return binary.LittleEndian.Uint64(whole[:])
}

// textValue quotes a text field and tells what is odd about it.
func textValue(b []byte) string {
	text, padding, ended := bytes.Cut(b, []byte{0})
	quoted := strconv.QuoteToASCII(string(text))
	switch {
	case !ended:
		return quoted + ", no NUL (FRM-8)"
	case len(bytes.Trim(padding, "\x00")) > 0:
		return quoted + ", padding is not zero (FRM-10)"
	}
	return quoted
}

// escape makes foreign text safe to print: one line of printable ASCII.
func escape(text string) string {
	quoted := strconv.QuoteToASCII(text)
	return quoted[1 : len(quoted)-1]
}
