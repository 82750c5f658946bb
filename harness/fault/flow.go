package fault

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/xferspec/xferspec/harness/trace"
)

// readSize is how much is read at a time, in bytes.
const readSize = 64 << 10

// inlet is where bytes come from.
type inlet interface {
	io.Reader
	SetReadDeadline(at time.Time) error
}

// flow is one direction of a connection. It finds the frames in what comes in
// and hands them to its sink. What it decides, it decides after a number of bytes
// of the current frame: how they were segmented makes no difference.
type flow struct {
	proxy *proxy
	conn  int
	dir   trace.Direction
	src   inlet
	out   sink

	number int          // of the current frame
	have   int64        // bytes that came of it
	head   []byte       // the first of them, at most headSize
	held   []byte       // what came and was not passed on yet
	hold   bool         // a fault may be about the frame: held is all of it, and goes nowhere
	goal   int64        // have, when the next step is due
	step   func() error // what to do then; nil: pass everything on
	header *header
	hits   []hit // the faults that are about it
}

func newFlow(ctx context.Context, p *proxy, conn int, dir trace.Direction, dst outlet, src inlet) *flow {
	f := &flow{proxy: p, conn: conn, dir: dir, src: src, out: sink{ctx: ctx, dst: dst}}
	f.step = f.begin
	return f
}

// run moves the direction until it ends, and ends it as its sender did.
func (f *flow) run() error {
	buf := make([]byte, readSize)
	var deadline time.Time
	for {
		if at := f.out.patience(); at != deadline {
			if err := f.src.SetReadDeadline(at); err != nil {
				return err
			}
			deadline = at
		}
		n, err := f.src.Read(buf)
		if err := f.feed(buf[:n]); err != nil {
			return err
		}
		switch {
		case errors.Is(err, os.ErrDeadlineExceeded):
			if err := f.out.flush(); err != nil {
				return err
			}
		case errors.Is(err, io.EOF):
			return f.end()
		case err != nil:
			return err
		}
	}
}

// feed takes the next bytes, however many.
func (f *flow) feed(b []byte) error {
	for len(b) > 0 && !f.out.shut {
		n := len(b)
		if f.step != nil {
			n = int(min(int64(n), f.goal-f.have))
		}
		if err := f.take(b[:n]); err != nil {
			return err
		}
		b = b[n:]
	}
	if f.hold {
		return nil
	}
	return f.pass()
}

// take takes bytes up to the next step at most.
func (f *flow) take(b []byte) error {
	f.have += int64(len(b))
	f.head = append(f.head, b[:min(len(b), headSize-len(f.head))]...)
	f.held = append(f.held, b...)
	for f.step != nil && f.have == f.goal {
		if err := f.step(); err != nil {
			return err
		}
	}
	return nil
}

// pass passes on what is held, as it came.
func (f *flow) pass() error {
	err := f.out.stream(f.held)
	f.held = f.held[:0]
	return err
}

// begin awaits a new frame. Frames that are passed on as they came stay together
// as they came.
func (f *flow) begin() error {
	f.number++
	f.have, f.head = 0, f.head[:0]
	f.goal, f.step = int64(headerSize(f.dir)), f.readHeader
	if f.hold = f.proxy.waits(f.dir) || f.out.waiting != nil; f.hold {
		return f.pass()
	}
	return nil
}

// readHeader looks how much has to come until it is clear what is about the frame.
func (f *flow) readHeader() error {
	f.header = parseHeader(f.proxy.ed, f.dir, f.head)
	if err := f.header.check(f.proxy.ed); err != nil {
		f.proxy.note(f.conn, f.dir, fmt.Sprintf("frame %d: %v; all that follows is passed on as it is", f.number, err))
		f.step, f.hold = nil, false
		return f.out.release()
	}
	f.goal, f.step = max(f.have, f.proxy.need(f.header)), f.decide
	return nil
}

// decide looks which faults are about the frame.
func (f *flow) decide() error {
	f.hits = f.proxy.match(f.header, f.head)
	f.hold = len(f.hits) > 0 || f.out.waiting != nil
	f.goal, f.step = f.header.size, f.finish
	return nil
}

// finish sends the frame on, if it was held.
func (f *flow) finish() error {
	frame := f.header.describe(f.head)
	frame.Conn, frame.Number = f.conn, f.number
	var d *delivery
	if f.hold {
		d, f.held = &delivery{data: f.held, copies: 1}, nil
	}
	var err error
	if frame.Changes, err = f.proxy.apply(frame, f.header, f.hits, d); err != nil {
		return err
	}
	f.proxy.passing(frame)
	f.step = f.begin
	if d == nil {
		return nil
	}
	return f.out.send(d)
}

// end ends the direction in order. What it held goes out: frames that waited for
// a next one first, and then a frame that will never be whole.
func (f *flow) end() error {
	if f.out.shut {
		return nil
	}
	if f.step != nil && f.have > 0 {
		f.proxy.note(f.conn, f.dir, fmt.Sprintf("ends inside frame %d, after %d bytes", f.number, f.have))
	}
	if err := f.out.release(); err != nil {
		return err
	}
	if err := f.pass(); err != nil {
		return err
	}
	return f.out.close()
}
