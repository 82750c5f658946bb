package trace

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strings"
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
// wrong with it, by which clause, and the comments on it; the byte that is wrong
// is pointed at. What the messages contain is printed as printable ASCII only,
// whatever it was. Where t has the keys, each key that is handed out is printed,
// and the beginning of each file beneath its last packet. The error is that of w.
func Annotate(w io.Writer, ed *spec.Edition, t *Transcript, opt AnnotateOptions) error {
	out := bufio.NewWriter(w)
	p := printer{w: out, ed: ed, full: opt.Full}
	p.title(t)
	frames := t.Frames(ed)
	plain := t.reveal(ed, frames)
	for _, e := range t.entries(ed, frames) {
		p.entry(e, t.commentsOn(e.Dir, e.Number))
		p.revealed(plain, e.Frame)
	}
	p.remaining(t, frames)
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
	if t.Secrets != nil {
		p.printf("the keys are in the recording\n")
	}
}

func (p *printer) entry(e Entry, comments []Comment) {
	f := e.Frame
	if f == nil {
		p.printf("\n%s %s at %s\n", e.Dir, e.Heading, seconds(e.At))
		return
	}
	p.printf("\n%s %s, from byte %d at %s\n", e.Dir, e.Heading, f.Offset, seconds(e.At))
	mark := f.wrongByte()
	for _, c := range comments {
		if c.Offset >= 0 {
			mark = c.Offset
			break
		}
	}
	for _, row := range f.rows(p.ed, mark, p.full) {
		p.row(row, mark)
	}
	if f.Err != nil {
		p.fault(f.Err)
	}
	p.comments(comments)
}

// wrongByte returns the offset of what is wrong with the frame, or -1.
func (f *Frame) wrongByte() int {
	if broken, ok := errors.AsType[*wire.Error](f.Err); ok {
		return broken.Offset
	}
	return -1
}

// fault prints an error and the clause that it cites, in the clause's own words.
func (p *printer) fault(err error) {
	p.printf("    !  %s\n", escape(err.Error()))
	broken, ok := errors.AsType[*wire.Error](err)
	if !ok {
		return
	}
	if clause, ok := spec.LookupClause(broken.Clause); ok && broken.Accuses() {
		p.printf("       %s %s: %s\n", clause.ID, p.ed.Level(clause), clause.Text)
	}
}

func (p *printer) comments(comments []Comment) {
	for _, c := range comments {
		bullet := "#"
		for line := range strings.Lines(c.Text) {
			p.printf("    %s  %s\n", bullet, printable(strings.TrimRight(line, "\r\n")))
			bullet = " "
		}
	}
}

// remaining prints the comments that are about no frame that is there.
func (p *printer) remaining(t *Transcript, frames []Frame) {
	if rest := t.commentsBeyond(frames); len(rest) > 0 {
		p.printf("\n")
		p.comments(rest)
	}
}

func seconds(d time.Duration) string { return fmt.Sprintf("%.6fs", d.Seconds()) }
