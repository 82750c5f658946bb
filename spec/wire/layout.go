package wire

import (
	"fmt"

	"github.com/xferspec/xferspec/spec"
)

// Kind is how the bytes of a field are to be read.
type Kind uint8

// The kinds of fields.
const (
	KindUint  Kind = iota // unsigned, little-endian, 1 to 4 bytes (FRM-1)
	KindID                // client id, 16 bytes
	KindText              // text field, 255 bytes
	KindBytes             // a key or ciphertext
)

// Field is one field of a message.
type Field struct {
	Name   string // as in the protocol's tables
	Kind   Kind
	Offset int // in bytes, from the first byte of the header
	Size   int // in bytes
}

// repeatedID is the name of the client id in a payload; in the header it is "client id".
const repeatedID = "client id (repeated)"

// HeaderLayout returns the fields of the header of a request or a response: all
// that is known of a message whose code is not.
func HeaderLayout(request bool) []Field {
	if request {
		return []Field{
			{"client id", KindID, 0, IDSize},
			{"version", KindUint, 16, 1},
			{"code", KindUint, 17, 2},
			{"payload size", KindUint, 19, 4},
		}
	}
	return []Field{
		{"version", KindUint, 0, 1},
		{"code", KindUint, 1, 2},
		{"payload size", KindUint, 3, 4},
	}
}

// Layout returns the fields of a message with a payload of payloadSize bytes,
// those of the header first; no two have the same name. Only the last field of
// a file request depends on payloadSize; where the payload is too short for it,
// its size is 0.
func Layout(ed *spec.Edition, t spec.MessageType, payloadSize int) []Field {
	request := t.IsRequest()
	l := layouter{fields: HeaderLayout(request), offset: headerSize(request)}
	if m := New(t); m != nil {
		l.end = l.offset + payloadSize
		m.fields(ed, &l)
	}
	return l.fields
}

// PayloadSize returns the bytes of payload that a message has; open says that
// this is the least and content of any length may follow (FIL-7).
func PayloadSize(ed *spec.Edition, t spec.MessageType) (size int, open bool) {
	s := sizeOf(ed, t)
	return s.least, s.open
}

// payloadSize is what a message's layout demands of its payload.
type payloadSize struct {
	least int
	open  bool // more may follow
}

func sizeOf(ed *spec.Edition, t spec.MessageType) payloadSize {
	fields := Layout(ed, t, 0)
	last := fields[len(fields)-1]
	return payloadSize{last.Offset + last.Size - headerSize(t.IsRequest()), t == spec.TypeFile}
}

// sizeClauses say what a response carries; that a request's payload has the
// size of its code is FRM-12.
var sizeClauses = map[spec.MessageType]string{
	spec.TypeRegistered:          "REG-3",
	spec.TypeRegistrationRefused: "ERR-2",
	spec.TypeKeyAccepted:         "KEY-2",
	spec.TypeFileReceived:        "FIL-9",
	spec.TypeThanks:              "CRC-2",
	spec.TypeLoginAccepted:       "LGN-2",
	spec.TypeLoginRefused:        "LGN-3",
	spec.TypeError:               "ERR-2",
}

// check compares a declared size with the layout.
func (s payloadSize) check(t spec.MessageType, declared uint32) error {
	if uint64(declared) == uint64(s.least) || s.open && uint64(declared) > uint64(s.least) {
		return nil
	}
	clause, atLeast := "FRM-12", ""
	if t.IsResponse() {
		clause = sizeClauses[t]
	}
	if s.open {
		atLeast = "at least "
	}
	return &Error{clause, "payload size", sizeOffset(t.IsRequest()), fmt.Sprintf("%d declared, %s has %s%d", declared, t, atLeast, s.least)}
}

// fieldAt names the field that an offset lies in, or the last one before it.
func fieldAt(fields []Field, offset int) string {
	name := fields[0].Name
	for _, f := range fields {
		if f.Offset <= offset {
			name = f.Name
		}
	}
	return name
}

// layouter is the visitor that only looks at names and sizes.
type layouter struct {
	fields []Field
	offset int
	end    int // of the message
}

func (l *layouter) add(name string, kind Kind, size int) {
	l.fields = append(l.fields, Field{name, kind, l.offset, size})
	l.offset += size
}

func (l *layouter) id(name string, _ *ID)                  { l.add(name, KindID, IDSize) }
func (l *layouter) u16(name string, _ *uint16)             { l.add(name, KindUint, 2) }
func (l *layouter) u32(name string, _ *uint32)             { l.add(name, KindUint, 4) }
func (l *layouter) text(name string, _ *string)            { l.add(name, KindText, TextSize) }
func (l *layouter) fixed(name, _ string, _ *[]byte, n int) { l.add(name, KindBytes, n) }
func (l *layouter) rest(name string, _ *[]byte)            { l.add(name, KindBytes, max(0, l.end-l.offset)) }
func (l *layouter) repeatID()                              { l.add(repeatedID, KindID, IDSize) }
