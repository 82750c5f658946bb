package trace

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/wire"
)

// AnnotateOptions says how much Annotate prints.
type AnnotateOptions struct {
	Full bool // all bytes of every field, not only the first 16
}

// Annotate prints a conversation as messages: a heading for each, a line for
// each of its fields with offset, bytes, name and value, and beneath it what is
// wrong with it, by which clause. What the messages contain is printed as
// printable ASCII only, whatever it was. The error is that of w.
func Annotate(w io.Writer, ed *spec.Edition, t *Transcript, opt AnnotateOptions) error {
	out := bufio.NewWriter(w)
	p := printer{w: out, ed: ed, full: opt.Full}
	p.title(t)
	frames := t.Frames(ed)
	for i, e := range t.Events {
		for len(frames) > 0 && frames[0].event == i {
			p.frame(&frames[0])
			frames = frames[1:]
		}
		if e.Kind != Data {
			p.ending(e)
		}
	}
	return out.Flush()
}

// printer prints; w keeps the first error and returns it from Flush.
type printer struct {
	w    *bufio.Writer
	ed   *spec.Edition
	full bool
}

func (p *printer) printf(format string, args ...any) { fmt.Fprintf(p.w, format, args...) }

func (p *printer) title(t *Transcript) {
	p.printf("edition %s", p.ed.Name)
	if t.Client != "" || t.Server != "" {
		p.printf(", client %s, server %s", escape(t.Client), escape(t.Server))
	}
	if !t.Start.IsZero() {
		p.printf(", began %s", t.Start.Format(time.RFC3339Nano))
	}
	p.printf("\n")
	if t.Note != "" {
		p.printf("%s\n", escape(t.Note))
	}
	if t.Dropped > 0 {
		p.printf("%d bytes went by that were not recorded\n", t.Dropped)
	}
}

func (p *printer) ending(e Event) {
	what := map[Kind]string{
		End:   "the " + e.Dir.Sender() + " closed its side",
		Reset: "the " + e.Dir.Sender() + " broke the connection off",
		Cut:   "the recording of this direction ends here",
	}[e.Kind]
	p.printf("\n%s %s at %s\n", e.Dir, what, seconds(e.At))
}

func (p *printer) frame(f *Frame) {
	p.printf("\n%s %s, from byte %d at %s\n", f.Dir, p.heading(f), f.Offset, seconds(f.At))
	p.rows(f)
	if f.Err != nil {
		p.fault(f.Err)
	}
}

// heading says what a frame is and how long.
func (p *printer) heading(f *Frame) string {
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
		if p.ed.PacketFields {
			name += fmt.Sprintf(", packet %d of %d", file.Number, file.Total)
		}
		size = fmt.Sprintf("%d+%d bytes", have-len(file.Content), len(file.Content))
	}
	return name + ", " + size
}

// fault prints an error and the clause that it cites, in the clause's own words.
func (p *printer) fault(err error) {
	p.printf("    !  %s\n", escape(err.Error()))
	var broken *wire.Error
	if !errors.As(err, &broken) {
		return
	}
	if clause, ok := spec.LookupClause(broken.Clause); ok {
		p.printf("       %s %s: %s\n", clause.ID, p.ed.Level(clause), clause.Text)
	}
}

func seconds(d time.Duration) string { return fmt.Sprintf("%.6fs", d.Seconds()) }
