package trace

import (
	"errors"
	"fmt"
	"time"

	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/wire"
)

// Entry is one thing that happened in a conversation: a frame, or the end of a
// direction.
type Entry struct {
	Dir     Direction
	At      time.Duration // since Transcript.Start
	Heading string        // what it is, in printable ASCII
	Frame   *Frame        // nil for the end of a direction
	Number  int           // of the frame in its direction, from 1; 0 for the end of one
}

// Entries returns a conversation in the order in which it happened.
func (t *Transcript) Entries(ed *spec.Edition) []Entry { return t.entries(ed, t.Frames(ed)) }

// entries is Entries for frames that are known already; it points to them.
func (t *Transcript) entries(ed *spec.Edition, frames []Frame) []Entry {
	var entries []Entry
	var number [len(directions)]int
	for i, e := range t.Events {
		for len(frames) > 0 && frames[0].event == i {
			f := &frames[0]
			number[f.Dir]++
			entries = append(entries, Entry{f.Dir, f.At, heading(ed, f), f, number[f.Dir]})
			frames = frames[1:]
		}
		if e.Kind != Data {
			entries = append(entries, e.ending())
		}
	}
	return entries
}

// ending is the entry of an event that ends a direction.
func (e Event) ending() Entry {
	entry := Entry{Dir: e.Dir, At: e.At}
	switch e.Kind {
	case End:
		entry.Heading = "the " + e.Dir.Sender() + " closed its side"
	case Reset:
		entry.Heading = "the " + e.Dir.Sender() + " broke the connection off"
	default:
		entry.Heading = "the recording of this direction ends here"
	}
	return entry
}

// heading says what a frame is and how long.
func heading(ed *spec.Edition, f *Frame) string {
	have := len(f.Bytes)
	size := fmt.Sprintf("%d bytes", have)
	if int64(have) < f.Size {
		size = fmt.Sprintf("%d of %d bytes", have, f.Size)
	}
	switch {
	case errors.Is(f.Err, ErrOutOfStep):
		return "out of step: the rest of this direction, " + size
	case f.Size == 0:
		return fmt.Sprintf("part of a header, %d of %d bytes", have, f.HeaderSize())
	case f.Type == spec.TypeUnknown:
		return fmt.Sprintf("%d unknown code, %s", f.Code, size)
	}
	name := fmt.Sprintf("%d %s", f.Code, f.Type)
	if file, ok := f.Message.(*wire.File); ok {
		if ed.PacketFields {
			name += fmt.Sprintf(", packet %d of %d", file.Number, file.Total)
		}
		size = fmt.Sprintf("%d+%d bytes", have-len(file.Content), len(file.Content))
	}
	return name + ", " + size
}
