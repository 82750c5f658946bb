package client

import (
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"golang.org/x/term"
)

// console tells the user what happens, a line for every step, and shows a bar
// for long transfers where it writes to a terminal.
type console struct {
	out   io.Writer
	quiet bool
	bars  bool
	now   func() time.Time
}

func newConsole(out io.Writer, quiet bool) *console {
	file, ok := out.(*os.File)
	return &console{out, quiet, ok && !quiet && term.IsTerminal(int(file.Fd())), time.Now}
}

// say writes a line, unless the user asked for silence.
func (c *console) say(format string, args ...any) {
	if !c.quiet {
		c.insist(format, args...)
	}
}

// insist writes a line that the protocol demands (RTY-1).
func (c *console) insist(format string, args ...any) {
	_, _ = fmt.Fprintf(c.out, format+"\n", args...)
}

const (
	barWidth  = 30                     // characters
	barDelay  = 500 * time.Millisecond // a transfer that takes less has no bar
	barPeriod = 100 * time.Millisecond // between two drawings
)

// bar is one line on a terminal that shows how far a transfer is. A nil *bar
// shows nothing.
type bar struct {
	console *console
	name    string
	done    int64
	size    int64
	started time.Time
	drawn   time.Time // zero as long as nothing is to be seen
}

// startBar returns a bar for a file of size bytes, nil where none can be shown.
func (c *console) startBar(name string, size int64) *bar {
	if !c.bars {
		return nil
	}
	return &bar{console: c, name: name, size: size, started: c.now()}
}

// advance counts n more bytes as sent.
func (b *bar) advance(n int) {
	if b == nil {
		return
	}
	b.done += int64(n)
	now := b.console.now()
	if now.Sub(b.started) < barDelay || now.Sub(b.drawn) < barPeriod {
		return
	}
	b.drawn = now
	fraction := float64(b.done) / float64(max(b.size, 1))
	full := int(fraction * barWidth)
	_, _ = fmt.Fprintf(b.console.out, "\r%.30s [%s%s] %3.0f%% %.1f MB/s ", b.name,
		strings.Repeat("=", full), strings.Repeat(" ", barWidth-full),
		100*fraction, float64(b.done)/1e6/now.Sub(b.started).Seconds())
}

// clear takes the bar off the screen.
func (b *bar) clear() {
	if b != nil && !b.drawn.IsZero() {
		_, _ = fmt.Fprint(b.console.out, "\r\x1b[K")
	}
}
