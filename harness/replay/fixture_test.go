package replay_test

import (
	"context"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/xferspec/xferspec/harness/peer"
	"github.com/xferspec/xferspec/harness/replay"
	"github.com/xferspec/xferspec/harness/trace"
	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/seal"
)

// Times that a test waits for what comes, and for what does not.
const (
	patience   = 10 * time.Second
	impatience = 2 * time.Second // on a busy machine, what does come may take that long
)

func edition(t testing.TB, name string) *spec.Edition {
	t.Helper()
	ed, err := spec.LookupEdition(name)
	if err != nil {
		t.Fatal(err)
	}
	return ed
}

// inEveryEdition runs a test for each edition.
func inEveryEdition(t *testing.T, test func(t *testing.T, ed *spec.Edition)) {
	for _, ed := range spec.Editions() {
		t.Run(ed.Name, func(t *testing.T) {
			t.Parallel()
			test(t, ed)
		})
	}
}

// listen starts a server that does what a script says.
func listen(t testing.TB, ed *spec.Edition, script peer.Script) *peer.Server {
	t.Helper()
	s, err := peer.Listen(t.Context(), "127.0.0.1", ed, script)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// record returns what a client and the server at addr say to each other.
func record(t testing.TB, ed *spec.Edition, addr string, talk func(c *peer.Client)) *trace.Transcript {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	transcripts := make(chan *trace.Transcript, 1)
	var relay sync.WaitGroup
	relay.Go(func() {
		if err := trace.Relay(ctx, listener, addr, ed.Name, func(tr *trace.Transcript) { transcripts <- tr }); err != nil {
			t.Error(err)
		}
	})
	defer relay.Wait()
	defer stop()
	c, err := peer.Dial(ctx, listener.Addr().String(), peer.Options{Edition: ed, Timeout: patience})
	if err != nil {
		t.Fatal(err)
	}
	talk(c)
	c.Close()
	select {
	case tr := <-transcripts:
		return tr
	case <-time.After(patience):
		t.Fatal("the relay does not end")
		return nil
	}
}

// introduce registers a client, Ada, and sends its key.
func introduce(t testing.TB, c *peer.Client) {
	t.Helper()
	key, err := seal.GenerateKey()
	if err != nil {
		t.Fatal(err)
	}
	if r := c.Register("Ada"); r.Type() != spec.TypeRegistered {
		t.Fatal(r)
	}
	if r := c.SendKey(key); r.Type() != spec.TypeKeyAccepted {
		t.Fatal(r)
	}
}

// secretsOf returns what a recording has of a client's keys where somebody asked for it.
func secretsOf(t testing.TB, c *peer.Client) *trace.Secrets {
	t.Helper()
	der, err := seal.MarshalPrivateKey(c.Key)
	if err != nil {
		t.Fatal(err)
	}
	return &trace.Secrets{PrivateKey: der}
}

// run replays a conversation and returns the result and the steps.
func run(t testing.TB, tr *trace.Transcript, o replay.Options) (*replay.Result, string) {
	t.Helper()
	if o.Timeout == 0 {
		o.Timeout = patience
	}
	var steps []string
	o.Step = func(s replay.Step) { steps = append(steps, s.Dir.String()+" "+s.What) }
	r, err := replay.Run(t.Context(), tr, o)
	if err != nil {
		t.Fatal(err)
	}
	return r, strings.Join(steps, "\n")
}

// expectSame wants no difference, and all answers compared.
func expectSame(t testing.TB, tr *trace.Transcript, r *replay.Result, steps string) {
	t.Helper()
	if r.Difference != nil {
		t.Fatalf("%v\n%s\n%q", r.Difference, steps, r.Notes)
	}
	requests, answers := 0, 0
	for _, f := range tr.Frames(edition(t, tr.Edition)) {
		if f.Dir == trace.ToServer {
			requests++
		} else {
			answers++
		}
	}
	if r.Requests != requests || r.Compared < answers || answers == 0 {
		t.Errorf("%d of %d requests were sent, %d of %d answers compared\n%s", r.Requests, requests, r.Compared, answers, steps)
	}
}
