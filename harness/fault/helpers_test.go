package fault

import (
	"bytes"
	"encoding/hex"
	"errors"
	"strings"
	"sync"
	"testing"

	"github.com/xferspec/xferspec/harness/trace"
	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/wire"
)

// edition returns an edition that exists.
func edition(name string) *spec.Edition {
	ed, err := spec.LookupEdition(name)
	if err != nil {
		panic(err)
	}
	return ed
}

// parsed returns the plan of a text without mistakes.
func parsed(t testing.TB, text string) *Plan {
	t.Helper()
	plan, err := ParsePlan("plan.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return plan
}

// unhex reads hexadecimal digits with spaces between them.
func unhex(t testing.TB, text string) []byte {
	t.Helper()
	b, err := hex.DecodeString(strings.Join(strings.Fields(text), ""))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// outcome is what came out of one direction.
type outcome struct {
	mu     sync.Mutex // guards writes
	writes [][]byte
	ended  bool // in order
	frames []Frame
	notes  []string
	err    error
}

// Write keeps a copy, as sink may write again from the same place.
func (o *outcome) Write(p []byte) (int, error) {
	if o.ended {
		return 0, errors.New("written after the end")
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.writes = append(o.writes, bytes.Clone(p))
	return len(p), nil
}

func (o *outcome) CloseWrite() error {
	o.ended = true
	return nil
}

func (o *outcome) bytes() []byte {
	o.mu.Lock()
	defer o.mu.Unlock()
	return bytes.Join(o.writes, nil)
}

func (o *outcome) changes() []Change {
	var all []Change
	for _, f := range o.frames {
		all = append(all, f.Changes...)
	}
	return all
}

// newProxy returns a proxy without connections that tells o what passes.
func newProxy(plan *Plan, ed *spec.Edition, o *outcome) *proxy {
	return &proxy{ed: ed, plan: plan, seen: make([]int, len(plan.Faults)), observer: Observer{
		Frame: func(f Frame) { o.frames = append(o.frames, f) },
		Note:  func(_ int, _ trace.Direction, text string) { o.notes = append(o.notes, text) },
	}}
}

// through sends the pieces, and then the end, through one direction of a connection.
func through(t testing.TB, plan *Plan, dir trace.Direction, pieces ...[]byte) *outcome {
	ed := plan.Edition
	if ed == nil {
		ed = edition(spec.DefaultEdition)
	}
	o := new(outcome)
	f := newFlow(t.Context(), newProxy(plan, ed, o), 1, dir, o, nil)
	for _, piece := range pieces {
		if o.err = f.feed(piece); o.err != nil {
			return o
		}
	}
	o.err = f.end()
	return o
}

// testClient is the client id of all messages.
var testClient = wire.ID{0xc1, 0x1e, 0x47, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}

// encode returns messages of the default edition as they travel.
func encode(t testing.TB, messages ...wire.Message) []byte {
	t.Helper()
	ed := edition(spec.DefaultEdition)
	var b []byte
	for _, m := range messages {
		var err error
		if m.Type().IsRequest() {
			b, err = wire.AppendRequest(b, ed, testClient, m)
		} else {
			b, err = wire.AppendResponse(b, ed, m)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return b
}

// packet is one of three of a small file.
func packet(number int) *wire.File {
	return &wire.File{
		ContentSize: 48, OriginalSize: 40, Number: uint16(number), Total: 3, Name: "a.txt",
		Content: bytes.Repeat([]byte{byte(number)}, 16),
	}
}

func hexOf(b []byte) string { return hex.EncodeToString(b) }

// normal takes the spaces out of words of hexadecimal.
func normal(words []string) []string {
	var all []string
	for _, word := range words {
		all = append(all, strings.Join(strings.Fields(word), ""))
	}
	return all
}
