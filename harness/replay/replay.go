package replay

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/xferspec/xferspec/harness/trace"
	"github.com/xferspec/xferspec/spec"
)

// Options say how a conversation is replayed.
type Options struct {
	Edition *spec.Edition
	Addr    string        // of the server, "host:port"
	Timeout time.Duration // for each answer and each write; files get a second for each MiB besides

	// Pace keeps the recorded segmentation and the recorded gaps, each up to MaxGap.
	// Without it, each request goes out in one write and as soon as it can.
	Pace bool
	// Verbatim sends the recorded bytes as they are: no id, key, name or content
	// is adapted, and nothing is brought about first.
	Verbatim bool

	Record func() *trace.Recorder // makes the recorder of a connection; may be nil
	Step   func(Step)             // is told what happens; may be nil
}

// MaxGap is the longest time that Pace waits between two events.
const MaxGap = 2 * time.Second

// Step is a request that was sent, a response that came as it was recorded, or
// the end of the connection.
type Step struct {
	Dir  trace.Direction
	What string
	Conn int // the connection, from 1: its place among the transcripts
}

// Result is what became of a replay.
type Result struct {
	Requests   int // that were sent
	Compared   int // responses and ends of the connection that are as recorded
	Excepted   int // what in them was not compared, see Notes
	Difference *Difference
	Conn       int      // of the difference, as in Step
	Notes      []string // what was adapted, and what could not be compared
}

// ErrNoRequests says that there is nothing in a recording to be sent.
var ErrNoRequests = errors.New("the recording has no byte of a client")

// UnreachableError says that the server could not be connected to.
type UnreachableError struct{ Err error }

// Error returns why not.
func (e *UnreachableError) Error() string { return "the server is unreachable: " + e.Err.Error() }

// Unwrap returns the error of the dialer.
func (e *UnreachableError) Unwrap() error { return e.Err }

// PrepareError says that what the recording takes for granted cannot be brought about.
type PrepareError struct {
	What string // was tried
	Err  error
}

// Error returns what was tried, and why it failed.
func (e *PrepareError) Error() string { return "cannot " + e.What + ": " + e.Err.Error() }

// Unwrap returns why it failed.
func (e *PrepareError) Unwrap() error { return e.Err }

// Run replays a conversation up to the first difference. An error, such as an
// *UnreachableError, a *PrepareError or ErrNoRequests, says that it could not be
// replayed; a difference is none.
func Run(ctx context.Context, t *trace.Transcript, o Options) (*Result, error) {
	return RunAll(ctx, []*trace.Transcript{t}, o)
}

// RunAll is Run for a conversation over several connections, each of which has its
// transcript: everything happens in the order in which it was recorded.
func RunAll(ctx context.Context, all []*trace.Transcript, o Options) (*Result, error) {
	result, shared := &Result{}, newBook()
	var players []*replayer
	for i, t := range all {
		s := newScript(o.Edition, t, o.Pace)
		if !s.sends() {
			continue
		}
		r := &replayer{adapter: newAdapter(s, t, shared, o.Verbatim), o: o, place: i + 1, began: t.Start, result: result}
		told := headings(o.Edition, t)
		r.sending = func(f *trace.Frame) {
			r.result.Requests++
			r.step(trace.ToServer, told[f.Offset])
		}
		players = append(players, r)
	}
	if len(players) == 0 {
		return nil, ErrNoRequests
	}
	if !o.Verbatim {
		if err := players[0].prepare(ctx, needsOf(players)); err != nil {
			return nil, err
		}
	}
	defer func() {
		for _, r := range players {
			r.hangUp()
		}
	}()
	if err := play(ctx, turns(players)); err != nil {
		return nil, err
	}
	return result, ctx.Err()
}

func (s *script) sends() bool {
	for _, a := range s.actions {
		if a.kind == send {
			return true
		}
	}
	return false
}

// headings describes the requests, by where they begin.
func headings(ed *spec.Edition, t *trace.Transcript) map[int64]string {
	all := map[int64]string{}
	for _, e := range t.Entries(ed) {
		if e.Frame != nil && e.Dir == trace.ToServer {
			all[e.Frame.Offset] = e.Heading
		}
	}
	return all
}

// replayer is the replay of a connection under way.
type replayer struct {
	*adapter
	o      Options
	place  int       // of the connection among all, from 1
	began  time.Time // when it was recorded
	conn   *conn     // nil before its first action, and after its last
	number int       // of the last response
	ended  bool      // the client has ended its direction
	reset  bool      // by a reset
	over   bool      // the server has ended the connection
	result *Result   // of all connections
}

func (r *replayer) note(format string, args ...any) {
	r.result.Notes = append(r.result.Notes, fmt.Sprintf(format, args...))
}

func (r *replayer) step(dir trace.Direction, what string) {
	if r.o.Step != nil {
		r.o.Step(Step{dir, what, r.place})
	}
}

func wait(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

func (r *replayer) act(a action) error {
	switch a.kind {
	case send:
		return r.send(a)
	case receive:
		f := &r.frames[a.frame]
		if r.result.Difference = r.receive(f); r.result.Difference == nil {
			r.result.Compared++
			r.step(trace.ToClient, nameOf(f.Code, f.Type))
		}
	case clientEnd:
		r.ended, r.reset = true, a.reset
		r.step(trace.ToServer, "the end")
		if !a.reset {
			r.conn.closeWrite()
		}
	case serverEnd:
		r.over = true
		if r.result.Difference = r.serverEnd(); r.result.Difference == nil {
			r.result.Compared++
			r.step(trace.ToClient, "the end")
		}
	}
	return nil
}

func (r *replayer) send(a action) error {
	b, err := r.bytes(a.begin, a.end)
	if err != nil {
		return err
	}
	r.conn.write(b)
	return nil
}

// serverEnd waits for the end of the connection, which was recorded here.
func (r *replayer) serverEnd() *Difference {
	first, end := r.conn.read(1)
	switch end {
	case closed, broken:
		return nil
	case silent:
		return &Difference{Response: r.number + 1, Recorded: "the server ended the connection", Received: r.conn.describe(end, 0)}
	case open:
	}
	r.number++
	what, t := r.unforeseen(first)
	if r.accepted("the end of the connection", t) {
		return nil
	}
	return &Difference{Response: r.number, Recorded: "the server ended the connection", Received: what}
}

// noMore sees that nothing comes after the last response. The server is shown the
// end of the requests, and what it then ends is looked through.
func (r *replayer) noMore() *Difference {
	if !r.ended {
		r.conn.closeWrite()
	}
	first, end := r.conn.read(1)
	if end != open {
		return nil
	}
	r.number++
	what, _ := r.unforeseen(first)
	return &Difference{Response: r.number, Recorded: "nothing more", Received: what}
}

// unforeseen describes a response that was not recorded, from its first byte on.
func (r *replayer) unforeseen(first []byte) (string, spec.MessageType) {
	rest, end := r.conn.read(6)
	if end != open {
		return fmt.Sprintf("%d bytes that are no response", len(first)+len(rest)), spec.TypeUnknown
	}
	header := slices.Concat(first, rest)
	return r.nameIn(header), r.typeIn(header)
}
