package replay

import (
	"errors"
	"time"

	"github.com/xferspec/xferspec/harness/trace"
	"github.com/xferspec/xferspec/spec"
)

// actionKind is what is done next.
type actionKind uint8

const (
	send      actionKind = iota // bytes of the client
	receive                     // a response
	clientEnd                   // the client ends the connection
	serverEnd                   // the server does
)

// action is one step of a replay.
type action struct {
	kind       actionKind
	at         time.Duration // since the connection began
	gap        time.Duration // since the event before it on the connection
	begin, end int64         // send: bytes of the client's direction
	frame      int           // receive: index among the frames
	reset      bool          // clientEnd, serverEnd
}

// script is a conversation as it is to be replayed.
type script struct {
	ed      *spec.Edition
	frames  []trace.Frame
	actions []action
	cut     bool     // the recording lacks the end
	next    [2][]int // the frames that were not scheduled yet, by direction
}

// newScript puts the conversation in the order in which it happened. Without
// pace a request is sent at once, with it as it was segmented.
func newScript(ed *spec.Edition, t *trace.Transcript, pace bool) *script {
	s := &script{ed: ed, frames: t.Frames(ed)}
	for i, f := range s.frames {
		s.next[f.Dir] = append(s.next[f.Dir], i)
	}
	var seen [2]int64 // bytes, by direction
	var last time.Duration
	for _, e := range t.Events {
		begin := seen[e.Dir]
		seen[e.Dir] += int64(len(e.Data))
		next := action{at: e.At, gap: e.At - last, begin: begin, end: seen[e.Dir], reset: e.Kind == trace.Reset}
		last = e.At
		switch {
		case e.Kind == trace.Cut:
			s.cut = true
			if e.Dir == trace.ToServer {
				return s // what the client said next is not known
			}
		case e.Kind != trace.Data:
			next.kind = clientEnd
			if e.Dir == trace.ToClient {
				next.kind = serverEnd
			}
			s.actions = append(s.actions, next)
		case e.Dir == trace.ToServer && pace:
			s.actions = append(s.actions, next)
		default:
			s.addFrames(e.Dir, next)
		}
	}
	return s
}

// addFrames adds an action for each frame of a direction that begins in an event.
func (s *script) addFrames(dir trace.Direction, event action) {
	for len(s.next[dir]) > 0 {
		i := s.next[dir][0]
		f := &s.frames[i]
		if f.Offset >= event.end {
			return
		}
		s.next[dir] = s.next[dir][1:]
		if errors.Is(f.Err, trace.ErrNotRecorded) {
			s.cut = true
			continue
		}
		next := event
		next.frame, next.begin, next.end = i, f.Offset, f.Offset+int64(len(f.Bytes))
		if dir == trace.ToClient {
			next.kind = receive
		}
		s.actions = append(s.actions, next)
	}
}
