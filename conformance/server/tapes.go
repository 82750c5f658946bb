package server

import (
	"net"
	"slices"
	"sync"

	"github.com/xferspec/xferspec/harness/peer"
	"github.com/xferspec/xferspec/harness/trace"
	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/seal"
)

// tapes are the recorded connections of the cases that may still be asked for.
// Nil records nothing.
type tapes struct {
	mu     sync.Mutex
	byCase map[string][]func() *trace.Transcript
}

// watch returns what has every connection of a case recorded.
func (t *tapes) watch(caseID string, ed *spec.Edition) func(*peer.Client, net.Conn) net.Conn {
	if t == nil {
		return nil
	}
	return func(c *peer.Client, conn net.Conn) net.Conn {
		tape := trace.NewRecorder(ed.Name, 0)
		t.add(caseID, func() *trace.Transcript {
			transcript := tape.Transcript()
			transcript.Secrets = secrets(c, transcript, ed)
			return transcript
		})
		return tape.Client(conn)
	}
}

// secrets returns what it takes to decrypt what the client sent on a connection.
func secrets(c *peer.Client, t *trace.Transcript, ed *spec.Edition) *trace.Secrets {
	if c.Key == nil {
		return nil
	}
	handed := slices.ContainsFunc(t.Frames(ed), func(f trace.Frame) bool {
		return f.Type == spec.TypeKeyAccepted || f.Type == spec.TypeLoginAccepted
	})
	if !handed && c.AES != nil {
		return &trace.Secrets{AESKeys: []trace.Key{c.AES}} // of an earlier connection
	}
	der, err := seal.MarshalPrivateKey(c.Key)
	if err != nil {
		return nil // a key that a case made wrong on purpose
	}
	return &trace.Secrets{PrivateKey: der}
}

// add notes a conversation of a case; it is asked for when the case is over.
func (t *tapes) add(caseID string, transcript func() *trace.Transcript) {
	if t == nil {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.byCase == nil {
		t.byCase = map[string][]func() *trace.Transcript{}
	}
	t.byCase[caseID] = append(t.byCase[caseID], transcript)
}

// of returns the conversations of a case, in the order in which they began.
func (t *tapes) of(caseID string) []*trace.Transcript {
	if t == nil {
		return nil
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	var all []*trace.Transcript
	for _, transcript := range t.byCase[caseID] {
		all = append(all, transcript())
	}
	return all
}

// forget makes room when a case can no longer be blamed for anything.
func (t *tapes) forget(caseID string) {
	if t == nil {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.byCase, caseID)
}
