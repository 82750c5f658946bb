package trace

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"math"

	"github.com/xferspec/xferspec/spec"
)

// liveLimits bound what following a capture may cost. What was printed costs nothing.
var liveLimits = captureLimits{file: math.MaxInt64, packets: math.MaxInt, connections: defaultLimits.connections, kept: defaultLimits.kept}

// AnnotateCapture prints the connections of a capture while its packets come
// from r: each message when its last byte was captured, with a heading whenever
// it is another connection's. choose is called when a connection begins and
// returns its edition, or nil if it is not to be shown. It reads what ReadPcapng
// reads; the error is that of r or w, or that of a malformed capture.
func AnnotateCapture(w io.Writer, r io.Reader, choose func(*Transcript) *spec.Edition, opt AnnotateOptions) error {
	next, err := openCapture(bufio.NewReader(r))
	if err != nil {
		return fmt.Errorf("not a capture: %w", err)
	}
	out := bufio.NewWriter(w)
	f := follower{
		printer: printer{w: out, full: opt.Full},
		a:       assembler{limits: liveLimits, flows: map[flow]*captured{}},
		choose:  choose, known: map[*captured]*followed{},
	}
	for number := 1; ; number++ {
		p, readErr := next()
		if readErr != nil {
			f.finish()
			if errors.Is(readErr, io.EOF) {
				readErr = nil
			} else {
				readErr = fmt.Errorf("packet %d: %w", number, readErr)
			}
			return errors.Join(readErr, out.Flush())
		}
		c, err := f.a.packet(p)
		if err == nil && c != nil {
			f.changed(c)
		}
		if err = errors.Join(err, out.Flush()); err != nil {
			return fmt.Errorf("packet %d: %w", number, err)
		}
	}
}

// follower prints connections as they grow.
type follower struct {
	printer
	a      assembler
	choose func(*Transcript) *spec.Edition
	known  map[*captured]*followed
	shown  *followed // whose heading was printed last
}

// followed is a connection that is being followed.
type followed struct {
	number int           // from 1
	ed     *spec.Edition // nil: not to be shown
	titled bool
	sides  [2]live
}

// changed prints what is new of a connection, and forgets it.
func (f *follower) changed(c *captured) {
	to := f.known[c]
	if to == nil {
		to = &followed{number: len(f.known) + 1, ed: f.choose(&c.t)}
		for _, dir := range directions {
			to.sides[dir].s.dir = dir
		}
		f.known[c] = to
	}
	for _, e := range f.a.take(c) {
		if to.ed != nil {
			f.event(c, to, e)
		}
	}
}

func (f *follower) event(c *captured, to *followed, e Event) {
	show := func(entry Entry) { f.show(c, to, entry) }
	side := &to.sides[e.Dir]
	if e.Kind == Data {
		side.add(e.Data, e.At)
		side.take(to.ed, false, show)
		return
	}
	side.s.cut = side.s.cut || e.Kind == Cut
	side.take(to.ed, true, show)
	show(e.ending())
}

func (f *follower) show(c *captured, to *followed, e Entry) {
	f.ed = to.ed
	if f.shown != to {
		if f.shown != nil {
			f.printf("\n")
		}
		f.printf("connection %d\n", to.number)
		if to.titled {
			f.printf("client %s, server %s\n", c.t.Client, c.t.Server)
		} else {
			f.title(&c.t)
		}
		to.titled, f.shown = true, to
	}
	f.entry(e, nil)
}

// finish prints what is left after the last packet.
func (f *follower) finish() {
	f.a.finish()
	for _, c := range f.a.connections {
		f.changed(c)
		to := f.known[c]
		for dir := range to.sides {
			if to.ed != nil {
				to.sides[dir].take(to.ed, true, func(e Entry) { f.show(c, to, e) })
			}
		}
	}
}
