package interop

import (
	"strings"
	"testing"
	"time"

	"github.com/xferspec/xferspec/harness/replay"
	"github.com/xferspec/xferspec/harness/trace"
	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/vectors"
)

// TestVectorsReplayOnTheReference replays every conversation of the vectors,
// with its keys and without. Where a server of the vectors gives a wrong checksum
// on purpose, the reference differs, and in nothing else.
func TestVectorsReplayOnTheReference(t *testing.T) {
	set, err := vectors.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, ed := range spec.Editions() {
		t.Run(ed.Name, func(t *testing.T) {
			t.Parallel()
			server, err := StartServer(t.Context(), ed)
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = server.Close() }()
			n := 0
			for _, c := range set.Conversations {
				if c.Edition != ed.Name {
					continue
				}
				n++
				for _, keys := range []bool{true, false} {
					o := replay.Options{Edition: ed, Addr: server.Addr(), Timeout: 20 * time.Second}
					r, err := replay.Run(t.Context(), recordingOf(c, keys), o)
					if err != nil {
						t.Fatalf("%s: %v", c.ID, err)
					}
					judgeReplay(t, c, keys, r)
				}
			}
			if n == 0 {
				t.Error("no conversations")
			}
		})
	}
}

func judgeReplay(t *testing.T, c vectors.Conversation, keys bool, r *replay.Result) {
	t.Helper()
	if keys && strings.Contains(c.ID, "mismatch") {
		if r.Difference == nil || r.Difference.Field != "cksum" {
			t.Errorf("%s: the checksum differs, and that was found: %v", c.ID, r.Difference)
		}
		return
	}
	answers := 0
	for _, f := range c.Frames {
		if f.From == vectors.FromServer {
			answers++
		}
	}
	if r.Difference != nil || r.Compared != answers {
		t.Errorf("%s with keys %v: %v\n%d of %d answers compared, %q", c.ID, keys, r.Difference, r.Compared, answers, r.Notes)
	}
}

// recordingOf makes a recording of a vector.
func recordingOf(c vectors.Conversation, keys bool) *trace.Transcript {
	t := &trace.Transcript{Edition: c.Edition}
	for _, f := range c.Frames {
		e := trace.Event{Data: f.Hex}
		if f.From == vectors.FromServer {
			e.Dir = trace.ToClient
		}
		t.Events = append(t.Events, e)
	}
	if keys {
		t.Secrets = &trace.Secrets{AESKeys: []trace.Key{trace.Key(c.AESKey)}}
	}
	return t
}
