package trace

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/xferspec/xferspec/spec"
)

// maxLive bounds what AnnotateLive holds back of a message that is not complete, in bytes.
const maxLive = 512 << 20

// AnnotateLive prints the bytes of one direction as Annotate does, while they
// come from r: each message when its last byte has arrived, and what is left of
// one at the end. now tells the time since the beginning. The error is that of r
// or w, or that a message is longer than 512 MiB.
func AnnotateLive(w io.Writer, ed *spec.Edition, dir Direction, r io.Reader, now func() time.Duration, opt AnnotateOptions) error {
	out := bufio.NewWriter(w)
	p := printer{w: out, ed: ed, full: opt.Full}
	p.title(&Transcript{})
	l := live{s: stream{dir: dir}}
	show := func(e Entry) { p.entry(e, nil) }
	chunk := make([]byte, 64<<10)
	for {
		n, readErr := r.Read(chunk)
		l.add(chunk[:n], now())
		l.take(ed, readErr != nil, show)
		if err := out.Flush(); err != nil {
			return err
		}
		switch {
		case errors.Is(readErr, io.EOF):
			return nil
		case readErr != nil:
			return readErr
		case len(l.s.data) > maxLive:
			return fmt.Errorf("more than %d MiB without a whole message", maxLive>>20)
		}
	}
}

// live is one direction of which more is to come.
type live struct {
	s      stream // what was not taken
	taken  int64  // bytes
	number int    // of the last frame
}

func (l *live) add(b []byte, at time.Duration) {
	if len(b) > 0 {
		l.s.data = append(l.s.data, b...)
		l.s.pieces = append(l.s.pieces, piece{end: len(l.s.data), at: at})
	}
}

// take hands out the messages that are complete, and at the end all that there
// is. An entry's bytes are good until show returns.
func (l *live) take(ed *spec.Edition, end bool, show func(Entry)) {
	begin := 0
	for begin < len(l.s.data) {
		f := l.s.next(ed, begin)
		if !end && !f.whole() {
			break
		}
		begin += len(f.Bytes)
		f.Offset += l.taken
		l.number++
		show(Entry{f.Dir, f.At, heading(ed, &f), &f, l.number})
	}
	l.taken += int64(begin)
	l.s.drop(begin)
}

// whole says whether all of the message is there.
func (f *Frame) whole() bool { return f.Size > 0 && f.Size == int64(len(f.Bytes)) }

// drop forgets the first n bytes.
func (s *stream) drop(n int) {
	if n == 0 {
		return // a long message in many pieces should not be moved for each
	}
	s.data = append(s.data[:0], s.data[n:]...)
	kept := s.pieces[:0]
	for _, p := range s.pieces {
		if p.end > n {
			p.end -= n
			kept = append(kept, p)
		}
	}
	s.pieces = kept
}
