package conformance

import (
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"strconv"

	"github.com/onsi/gomega/types"

	"github.com/xferspec/xferspec/spec/wire"
)

// Fielded is a message whose fields can be looked at: a peer.Reply or a peer.Request.
type Fielded interface {
	// Field returns the bytes of a field and its place in the message.
	Field(name string) ([]byte, wire.Field, error)
	fmt.Stringer
}

// Carry succeeds if a message has a field with that value: an integer, a text
// (compared up to its NUL), a wire.ID or bytes. The failure shows both values,
// the offset of the field in the message and that of the first wrong byte.
func Carry(field string, want any) types.GomegaMatcher { return &carry{name: field, want: want} }

type carry struct {
	name string
	want any
	got  []byte
	at   wire.Field
}

func (m *carry) Match(actual any) (bool, error) {
	message, ok := actual.(Fielded)
	if !ok {
		return false, fmt.Errorf("Carry looks at messages, not at a %T", actual)
	}
	var err error
	if m.got, m.at, err = message.Field(m.name); err != nil {
		return false, err
	}
	return render(m.at.Kind, m.got) == m.expected(), nil
}

func (m *carry) expected() string {
	switch want := m.want.(type) {
	case string:
		return strconv.Quote(want)
	case []byte:
		return hex.EncodeToString(want)
	default:
		return fmt.Sprint(want)
	}
}

// render shows a field as expected shows the value for it.
func render(kind wire.Kind, b []byte) string {
	switch kind {
	case wire.KindUint:
		var le [8]byte
		copy(le[:], b)
		return strconv.FormatUint(binary.LittleEndian.Uint64(le[:]), 10)
	case wire.KindText:
		for i, c := range b {
			if c == 0 {
				return strconv.Quote(string(b[:i]))
			}
		}
		return strconv.Quote(string(b)) + " without a NUL"
	default:
		return hex.EncodeToString(b)
	}
}

func (m *carry) FailureMessage(actual any) string {
	expected, got := m.expected(), render(m.at.Kind, m.got)
	PointOut(actual, m.name, m.at.Offset+wrongByte(m.got, m.want))
	text := fmt.Sprintf("in %v\nfield:    %s, %d bytes at offset %d\nexpected: %s\nactual:   %s",
		actual, m.name, m.at.Size, m.at.Offset, expected, got)
	if m.at.Kind == wire.KindUint {
		return text + fmt.Sprintf("\nbytes:    % x", m.got)
	}
	return text + fmt.Sprintf("\nfirst difference at character %d of the value", firstDifference(expected, got))
}

func (m *carry) NegatedFailureMessage(actual any) string {
	PointOut(actual, m.name, m.at.Offset)
	return fmt.Sprintf("in %v\nfield:    %s, %d bytes at offset %d\nexpected: anything but %s",
		actual, m.name, m.at.Size, m.at.Offset, m.expected())
}

func firstDifference(a, b string) int {
	n := min(len(a), len(b))
	for i := range n {
		if a[i] != b[i] {
			return i
		}
	}
	return n
}
