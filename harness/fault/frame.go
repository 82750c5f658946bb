package fault

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/xferspec/xferspec/harness/trace"
	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/wire"
)

// MaxFrame bounds a frame that a fault can be about, in bytes, header included:
// the largest packet that FIL-23 asks for fits.
const MaxFrame = 80 << 20

// headSize bounds how much of a frame is kept while it is passed on, in bytes:
// all fields of every message but the content of a file lie within it.
const headSize = 512

// Observer is told what passes. Each function may be nil; never two of them run
// at a time, and none after Serve has returned.
type Observer struct {
	// Frame is called for every whole frame, before its last byte is passed on.
	Frame func(Frame)
	// Note is called when a direction is passed on unseen from now on, and when it
	// ends inside a frame. The text is for people.
	Note func(conn int, dir trace.Direction, text string)
	// End is called when a connection has ended: with what came in from both
	// programs, and with what went out to them, each as far as a trace.Recorder
	// keeps it. The Note of both says how it went.
	End func(conn int, in, out *trace.Transcript)
}

// Frame is a frame as it came in, and what was made of it.
type Frame struct {
	Conn    int // number of the connection, from 1
	Dir     trace.Direction
	Number  int              // among all frames of its direction and connection, from 1
	Type    spec.MessageType // TypeUnknown if the edition has no such code in this direction
	Code    uint16
	Size    int64 // bytes, header included
	Content int64 // bytes of ciphertext among them
	Packet  int   // number of a packet; 0 where there is none
	Packets int   // how many packets it says there are
	Changes []Change
}

// Change is one thing that a fault did to a frame.
type Change struct {
	Conn  int // this and the next three as in Frame
	Dir   trace.Direction
	Frame int
	Type  spec.MessageType
	Fault int    // number in the plan, from 1
	What  string // what the fault does, for people

	// Where bytes were changed: the field, the offset of the first of them from
	// the first byte of the header, and the bytes themselves. Of an integer it is
	// always the whole.
	Field         string
	Offset        int
	Before, After []byte
}

// header is what the header of a frame says.
type header struct {
	dir     trace.Direction
	version uint8
	code    uint16
	kind    spec.MessageType
	size    int64        // of the whole frame, in bytes
	fields  []wire.Field // those that lie in it whole
}

// headerSize returns the bytes of a header in one direction.
func headerSize(dir trace.Direction) int {
	if dir == trace.ToServer {
		return wire.RequestHeaderSize
	}
	return wire.ResponseHeaderSize
}

// parseHeader takes a whole header.
func parseHeader(ed *spec.Edition, dir trace.Direction, b []byte) *header {
	common := b[headerSize(dir)-wire.ResponseHeaderSize:] // the client id of a request comes before
	payload := binary.LittleEndian.Uint32(common[3:])
	h := &header{
		dir: dir, version: common[0], code: binary.LittleEndian.Uint16(common[1:]),
		size: int64(headerSize(dir)) + int64(payload),
	}
	if h.kind = ed.Request(h.code); dir == trace.ToClient {
		h.kind = ed.Response(h.code)
	}
	all := wire.HeaderLayout(dir == trace.ToServer)
	if h.kind != spec.TypeUnknown {
		all = wire.Layout(ed, h.kind, int(payload))
	}
	for _, field := range all {
		if int64(field.Offset+field.Size) <= h.size {
			h.fields = append(h.fields, field)
		}
	}
	return h
}

// check says why a frame of this header cannot be dealt with.
func (h *header) check(ed *spec.Edition) error {
	switch {
	case h.version != ed.Version && h.kind == spec.TypeUnknown: // as trace.Transcript.Frames has it
		return fmt.Errorf("no message begins here: version %d, code %d, and edition %s has neither (FRM-4)", h.version, h.code, ed.Name)
	case h.size > MaxFrame:
		return fmt.Errorf("it declares %d bytes, more than %d", h.size, MaxFrame)
	}
	return nil
}

func (h *header) field(name string) (wire.Field, bool) {
	for _, field := range h.fields {
		if field.Name == name {
			return field, true
		}
	}
	return wire.Field{}, false
}

// describe returns the frame of this header that begins with head.
func (h *header) describe(head []byte) Frame {
	f := Frame{Dir: h.dir, Type: h.kind, Code: h.code, Size: h.size}
	if field, ok := h.field("content"); ok {
		f.Content = int64(field.Size)
	}
	number := func(name string) int {
		field, ok := h.field(name)
		if !ok {
			return 0
		}
		return int(binary.LittleEndian.Uint16(head[field.Offset:]))
	}
	f.Packet, f.Packets = number("packet number"), number("total packets")
	return f
}

// errViolation is a bug of this package: more was changed than the plan says.
var errViolation = errors.New("the proxy changed what no fault is about")

// diff returns where a field was changed, without saying by whom. A change
// anywhere else in the frame is an errViolation.
func diff(field wire.Field, before, after []byte) ([]Change, error) {
	begin, end := field.Offset, field.Offset+field.Size
	if len(before) != len(after) || !bytes.Equal(before[:begin], after[:begin]) || !bytes.Equal(before[end:], after[end:]) {
		return nil, fmt.Errorf("%w: another part of the frame than its field %q", errViolation, field.Name)
	}
	var changes []Change
	for from := begin; from < end; from++ {
		if before[from] == after[from] {
			continue
		}
		to := from + 1
		for to < end && before[to] != after[to] {
			to++
		}
		if field.Kind == wire.KindUint {
			from, to = begin, end
		}
		changes = append(changes, Change{
			Field: field.Name, Offset: from,
			Before: bytes.Clone(before[from:to]), After: bytes.Clone(after[from:to]),
		})
		from = to
	}
	return changes, nil
}
