package interop

import (
	"cmp"
	"context"
	"fmt"
	"net"
	"slices"
	"sync"

	"github.com/xferspec/xferspec/harness/fault"
	"github.com/xferspec/xferspec/harness/peer"
	"github.com/xferspec/xferspec/harness/trace"
	"github.com/xferspec/xferspec/spec"
)

// Link is a fault proxy in front of a server.
type Link struct {
	ed       *spec.Edition
	listener net.Listener
	stop     context.CancelFunc
	ended    chan error

	mu    sync.Mutex
	room  int // bytes of conversations that may still be kept
	story Story
	seen  []*trace.Transcript // of what the client sent and what it got
}

// Bounds of what a link keeps. What comes later passes, and is forgotten.
const (
	maxKept  = 256 << 20 // bytes of conversations
	maxStory = 1 << 19   // frames; the largest file has 65,535
	kept     = 256       // bytes that an event counts besides
)

// NewLink listens on a free port of an address of this machine and forwards to
// a server what comes in, as the plan says.
func NewLink(ctx context.Context, host, to string, ed *spec.Edition, plan string) (*Link, error) {
	parsed, err := parsePlan(plan)
	if err != nil {
		return nil, err
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", net.JoinHostPort(host, "0"))
	if err != nil {
		return nil, fmt.Errorf("listen between client and server: %w", err)
	}
	ctx, stop := context.WithCancel(ctx)
	l := &Link{ed: ed, listener: listener, stop: stop, ended: make(chan error, 1), room: maxKept}
	go func() {
		l.ended <- fault.Serve(ctx, listener, to, ed, parsed, fault.Observer{Frame: l.note, End: l.keep})
	}()
	return l, nil
}

func (l *Link) note(f fault.Frame) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.story) < maxStory {
		l.story = append(l.story, f)
	}
}

// keep takes from what came in the requests, and from what went out the
// responses: both are what the client saw.
func (l *Link) keep(_ int, in, out *trace.Transcript) {
	t := *in
	answers := only(trace.ToClient, out)
	for i := range answers {
		answers[i].At += out.Start.Sub(in.Start) // each recording has a clock of its own
	}
	t.Events = append(only(trace.ToServer, in), answers...)
	slices.SortStableFunc(t.Events, func(a, b trace.Event) int { return cmp.Compare(a.At, b.At) })
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, e := range t.Events {
		l.room -= len(e.Data) + kept
	}
	if l.room -= kept; l.room >= 0 {
		l.seen = append(l.seen, &t)
	}
}

func only(dir trace.Direction, t *trace.Transcript) []trace.Event {
	return slices.DeleteFunc(slices.Clone(t.Events), func(e trace.Event) bool { return e.Dir != dir })
}

// Addr returns "host:port", as it goes into transfer.info.
func (l *Link) Addr() string { return l.listener.Addr().String() }

// Close ends the proxy and returns what the client said and was told, as far as
// it was recorded: of each direction of a connection its first 4 MiB. An error is
// that of the plan, of the listener, or of the proxy itself.
func (l *Link) Close() (*peer.Conversation, error) {
	l.stop()
	err := <-l.ended
	seen := conversation(l.ed, l.seen)
	seen.Transcripts = l.seen
	return seen, err
}

// Story returns what has passed, when the link is closed.
func (l *Link) Story() Story { return l.story }
