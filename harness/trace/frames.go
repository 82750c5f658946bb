package trace

import (
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/wire"
)

// What a Frame's Err may wrap beside a *wire.Error.
var (
	// ErrOutOfStep says that no message begins where one should (FRM-4).
	ErrOutOfStep = errors.New("out of step")
	// ErrNotRecorded says that the rest of the message went by after the recorder's limit.
	ErrNotRecorded = errors.New("the rest was not recorded")
)

// Frame is one message as it was recorded, good or bad.
type Frame struct {
	Dir    Direction
	At     time.Duration    // of the first byte
	Offset int64            // of the first byte among all of its direction
	Type   spec.MessageType // by the code; TypeUnknown where the edition has no such code in this direction
	Code   uint16           // 0 where the header is not whole
	Size   int64            // bytes of header and payload that the header declares; 0 where it is not whole
	Bytes  []byte           // what there is of them

	// Message is the decoded message, and nil where Err is not.
	Message wire.Message
	// Err wraps a *wire.Error that names the broken clause, or ErrNotRecorded.
	// With ErrOutOfStep, Bytes is all that is left of the direction.
	Err error

	event int // index of the first byte's event
}

// HeaderSize returns the bytes of a header in the frame's direction: 23 or 7.
func (f *Frame) HeaderSize() int {
	if f.Dir == ToServer {
		return wire.RequestHeaderSize
	}
	return wire.ResponseHeaderSize
}

// Frames takes both directions apart into messages, however the bytes were
// segmented (FRM-5), and returns them in the order of their first bytes. Payload
// sizes are believed, as FRM-4 demands; where a header then has neither the
// edition's version nor one of its codes, the direction is out of step and one
// last frame holds the rest of it. The frames share one copy of the bytes for
// each direction.
func (t *Transcript) Frames(ed *spec.Edition) []Frame {
	var frames []Frame
	for _, dir := range directions {
		s := t.stream(dir)
		for begin := 0; begin < len(s.data); {
			f := s.next(ed, begin)
			frames = append(frames, f)
			begin += len(f.Bytes)
		}
	}
	slices.SortStableFunc(frames, func(a, b Frame) int { return a.event - b.event })
	return frames
}

// stream is one direction with its events joined.
type stream struct {
	dir    Direction
	data   []byte
	pieces []piece
	cut    bool // the recording lacks the end
}

// piece is where an event's data ends in a stream.
type piece struct {
	end   int
	event int
	at    time.Duration
}

func (t *Transcript) stream(dir Direction) stream {
	s := stream{dir: dir}
	for i, e := range t.Events {
		if e.Dir != dir {
			continue
		}
		s.cut = s.cut || e.Kind == Cut
		if len(e.Data) > 0 {
			s.data = append(s.data, e.Data...)
			s.pieces = append(s.pieces, piece{len(s.data), i, e.At})
		}
	}
	return s
}

// next returns the frame that begins at an offset within s.data.
func (s *stream) next(ed *spec.Edition, begin int) Frame {
	at, _ := slices.BinarySearchFunc(s.pieces, begin, func(p piece, begin int) int {
		if p.end <= begin {
			return -1
		}
		return 1
	})
	f := Frame{Dir: s.dir, At: s.pieces[at].at, Offset: int64(begin), Bytes: s.data[begin:], event: s.pieces[at].event}
	version, whole := f.parseHeader(ed)
	switch {
	case whole && version != ed.Version && f.Type == spec.TypeUnknown:
		f.outOfStep(ed, version)
	case whole && f.Size <= int64(len(f.Bytes)):
		f.Bytes = f.Bytes[:f.Size:f.Size]
		f.decode(ed)
	case s.cut:
		f.Err = fmt.Errorf("%w: the recorder's limit was reached", ErrNotRecorded)
	default:
		f.decode(ed)
	}
	return f
}

// parseHeader fills in Type, Code and Size. The headers differ in the client id that comes first.
func (f *Frame) parseHeader(ed *spec.Edition) (version uint8, whole bool) {
	if len(f.Bytes) < f.HeaderSize() {
		return 0, false
	}
	common := f.Bytes[f.HeaderSize()-wire.ResponseHeaderSize:]
	f.Code = binary.LittleEndian.Uint16(common[1:])
	f.Size = int64(f.HeaderSize()) + int64(binary.LittleEndian.Uint32(common[3:]))
	if f.Type = ed.Request(f.Code); f.Dir == ToClient {
		f.Type = ed.Response(f.Code)
	}
	return common[0], true
}

func (f *Frame) decode(ed *spec.Edition) {
	if f.Dir == ToServer {
		_, f.Message, f.Err = wire.DecodeRequest(ed, f.Bytes)
	} else {
		_, f.Message, f.Err = wire.DecodeResponse(ed, f.Bytes)
	}
}

func (f *Frame) outOfStep(ed *spec.Edition, version uint8) {
	f.Err = fmt.Errorf("%w: %w", ErrOutOfStep, &wire.Error{
		Clause: "FRM-4", Field: "version", Offset: f.HeaderSize() - wire.ResponseHeaderSize,
		Reason: fmt.Sprintf("no message begins here: version %d, code %d, and edition %s has neither", version, f.Code, ed.Name),
	})
	f.Code, f.Size = 0, 0
}
