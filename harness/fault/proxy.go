package fault

import (
	"bytes"
	"context"
	"errors"
	"net"
	"slices"
	"sync"

	"github.com/xferspec/xferspec/harness/trace"
	"github.com/xferspec/xferspec/spec"
)

// Serve accepts connections, at most 64 at a time, forwards each to the address
// to and does to it what the plan says; half-closes and resets are passed on.
// A connection that cannot be forwarded is reset, and the Note of its transcripts
// says why.
//
// Serve ends with ctx: then it closes the listener and all connections, and
// returns nil. An error is an *Error if the plan does not fit the edition, or
// that of the listener, or says that the proxy broke its own promise and changed
// more than the plan says.
func Serve(ctx context.Context, listener net.Listener, to string, ed *spec.Edition, plan *Plan, o Observer) error {
	plan, err := plan.For(ed)
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	p := &proxy{to: to, ed: ed, plan: plan, seen: make([]int, len(plan.Faults)), observer: o, stop: stop}
	err = trace.Accept(ctx, listener, p.serve)
	if cause := context.Cause(ctx); errors.Is(cause, errViolation) {
		return cause
	}
	return err
}

type proxy struct {
	to   string
	ed   *spec.Edition
	plan *Plan
	stop context.CancelCauseFunc

	mu   sync.Mutex // guards seen
	seen []int      // by fault: the frames that fit so far

	watch    sync.Mutex // lets one of the observer's functions run at a time
	observer Observer
}

// hit is a frame's being touched by a fault.
type hit struct{ fault, occurrence int }

// serve forwards one connection until both directions have ended.
func (p *proxy) serve(ctx context.Context, number int, accepted net.Conn) {
	in, out := trace.NewRecorder(p.ed.Name, 0), trace.NewRecorder(p.ed.Name, 0)
	client := tap(in.Server(accepted), out.Server(accepted))
	onward := func(server net.Conn) net.Conn { return tap(in.Client(server), out.Client(server)) }
	note, err := trace.Forward(ctx, client, p.to, onward, func(ctx context.Context, dir trace.Direction, dst, src net.Conn) error {
		return newFlow(ctx, p, number, dir, dst.(*tapped), src.(*tapped)).run()
	})
	switch {
	case errors.Is(err, errViolation):
		p.stop(err)
	case errors.Is(err, errReset):
		note += "; " + errReset.Error()
	}
	transcript := func(rec *trace.Recorder) *trace.Transcript {
		t := rec.Transcript()
		t.Client, t.Server, t.Note = accepted.RemoteAddr().String(), p.to, note
		return t
	}
	p.watch.Lock()
	defer p.watch.Unlock()
	if p.observer.End != nil {
		p.observer.End(number, transcript(in), transcript(out))
	}
}

// waits says whether any fault may still be about a frame in this direction.
func (p *proxy) waits(dir trace.Direction) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	for i := range p.plan.Faults {
		if f := &p.plan.Faults[i]; slices.Contains(f.To, dir) && !f.ended(p.seen[i]) {
			return true
		}
	}
	return false
}

// need returns how many bytes of a frame show which faults are about it.
func (p *proxy) need(h *header) int64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	var need int64
	for i := range p.plan.Faults {
		if f := &p.plan.Faults[i]; !f.ended(p.seen[i]) && f.about(h) {
			need = max(need, f.need(h))
		}
	}
	return need
}

// match returns the faults that are about a frame, and counts it for all that it fits.
func (p *proxy) match(h *header, head []byte) []hit {
	p.mu.Lock()
	defer p.mu.Unlock()
	var hits []hit
	for i := range p.plan.Faults {
		f := &p.plan.Faults[i]
		if f.ended(p.seen[i]) || !f.about(h) || !f.holds(h, head) {
			continue
		}
		if p.seen[i]++; p.seen[i] >= f.First {
			hits = append(hits, hit{i, p.seen[i]})
		}
	}
	return hits
}

// apply does to a frame what the faults say, in their order.
func (p *proxy) apply(frame Frame, h *header, hits []hit, d *delivery) ([]Change, error) {
	var all []Change
	for _, hit := range hits {
		if d.over() {
			break
		}
		f := &p.plan.Faults[hit.fault]
		changes := []Change{{}}
		if f.route != nil {
			f.route(d)
		} else {
			field, _ := h.field(f.patch.field)
			before := bytes.Clone(d.data)
			f.patch.apply(d.data[field.Offset:field.Offset+field.Size], p.plan.random(hit.fault, hit.occurrence))
			var err error
			if changes, err = diff(field, before, d.data); err != nil {
				return nil, err
			}
		}
		for _, c := range changes {
			c.Conn, c.Dir, c.Frame, c.Type = frame.Conn, frame.Dir, frame.Number, frame.Type
			c.Fault, c.What = hit.fault+1, f.Does
			all = append(all, c)
		}
	}
	return all, nil
}

// passing tells of a frame.
func (p *proxy) passing(f Frame) {
	p.watch.Lock()
	defer p.watch.Unlock()
	if p.observer.Frame != nil {
		p.observer.Frame(f)
	}
}

// note tells of a direction.
func (p *proxy) note(conn int, dir trace.Direction, text string) {
	p.watch.Lock()
	defer p.watch.Unlock()
	if p.observer.Note != nil {
		p.observer.Note(conn, dir, text)
	}
}

// stream is what a recorder makes of a connection.
type stream interface {
	net.Conn
	CloseWrite() error
	SetLinger(seconds int) error
}

// tapped is a connection of which one recorder sees what comes in and another
// one what goes out.
type tapped struct {
	stream
	in net.Conn
}

func tap(in, out net.Conn) *tapped { return &tapped{out.(stream), in} }

// Read reads, seen by the recorder of what comes in.
func (t *tapped) Read(p []byte) (int, error) { return t.in.Read(p) }
