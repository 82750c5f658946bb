package replay_test

import (
	"bytes"
	"context"
	"crypto/aes"
	"crypto/cipher"
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xferspec/xferspec/harness/peer"
	"github.com/xferspec/xferspec/harness/replay"
	"github.com/xferspec/xferspec/harness/trace"
	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/wire"
)

var plain = bytes.Repeat([]byte("not only zeros\x00\xff"), 200) // 3,200 bytes

// visit is a conversation with all requests in it.
func visit(t testing.TB, c *peer.Client) {
	t.Helper()
	introduce(t, c)
	c.SendFile("a.bin", plain)
	c.Send(&wire.CRCBad{Name: "a.bin"})
	c.SendFile("a.bin", plain)
	c.Exchange(&wire.CRCOK{Name: "a.bin"})
	if c.Edition.Has(spec.TypeLogin) {
		c.Login()
	}
	c.SendFile("empty", nil)
	c.Exchange(&wire.CRCAbort{Name: "empty"})
}

// TestReplayIsTheSame replays a conversation with and without its keys, as fast
// as it goes and as it was segmented, on a server where the name is taken.
func TestReplayIsTheSame(t *testing.T) {
	inEveryEdition(t, func(t *testing.T, ed *spec.Edition) {
		var secrets *trace.Secrets
		first := listen(t, ed, peer.Script{})
		tr := record(t, ed, first.Addr(), func(c *peer.Client) {
			c.Cut = func(b []byte) [][]byte { return slices.Collect(slices.Chunk(b, 500)) }
			visit(t, c)
			secrets = secretsOf(t, c)
		})
		for _, s := range []*trace.Secrets{nil, secrets} {
			for _, pace := range []bool{false, true} {
				tr.Secrets = s
				r, steps := run(t, tr, replay.Options{Edition: ed, Addr: first.Addr(), Pace: pace})
				expectSame(t, tr, r, steps)
				notes := strings.Join(r.Notes, "\n")
				if r.Excepted > 0 != (s == nil) {
					t.Errorf("secrets %v, %d exceptions", s != nil, r.Excepted)
				}
				if !strings.Contains(notes, `the name "Ada" is taken`) || strings.Contains(notes, "random bytes") != (s == nil) {
					t.Errorf("secrets %v, notes %q", s != nil, r.Notes)
				}
			}
		}
		checkFiles(t, ed, first.Close())
	})
}

// checkFiles looks at what the server has got in five visits: the recorded one,
// two without the keys, and two with them.
func checkFiles(t *testing.T, ed *spec.Edition, seen *peer.Conversation) {
	t.Helper()
	if len(seen.Transfers) != 15 || len(seen.Accounts) != 5 {
		t.Fatalf("%d transfers of %d clients", len(seen.Transfers), len(seen.Accounts))
	}
	for i, got := range seen.Transfers {
		size, same := len(plain), bytes.Equal(got.Plain, plain)
		if i%3 == 2 {
			size, same = 0, len(got.Plain) == 0
		}
		invented := i >= 3 && i < 9
		switch {
		case got.Err != nil:
			t.Errorf("transfer %d: %v", i, got.Err)
		case ed.PacketFields && len(got.Plain) != size:
			t.Errorf("transfer %d has %d bytes, not %d", i, len(got.Plain), size)
		case !invented && !same || invented && i%3 < 2 && same:
			t.Errorf("transfer %d: the file is the same: %v", i, same)
		case len(got.Cipher) != len(seen.Transfers[i%3].Cipher) || len(got.Packets) != len(seen.Transfers[i%3].Packets):
			t.Errorf("transfer %d: %d bytes in %d packets", i, len(got.Cipher), len(got.Packets))
		}
	}
	keys := map[string]bool{}
	for _, a := range seen.Accounts {
		keys[a.Key.N.String()] = true
	}
	if len(keys) != 3 { // the recorded one thrice, for its private key is among the secrets
		t.Errorf("%d public keys", len(keys))
	}
}

func TestKnownClientsAreIntroducedFirst(t *testing.T) {
	inEveryEdition(t, func(t *testing.T, ed *spec.Edition) {
		server := listen(t, ed, peer.Script{})
		var client *peer.Client
		record(t, ed, server.Addr(), func(c *peer.Client) { introduce(t, c); client = c })
		tr := record(t, ed, server.Addr(), func(c *peer.Client) {
			c.As(client)
			if ed.Has(spec.TypeLogin) {
				c.Login()
			} else {
				c.SendKey(c.Key)
			}
			c.SendFile("a.bin", plain)
			c.Register("Ada") // which is taken
		})
		tr.Secrets = secretsOf(t, client)
		other := listen(t, ed, peer.Script{})
		r, steps := run(t, tr, replay.Options{Edition: ed, Addr: other.Addr()})
		expectSame(t, tr, r, steps)
		if notes := strings.Join(r.Notes, "\n"); !strings.Contains(notes, `"Ada" was registered on another connection first`) {
			t.Errorf("notes %q", r.Notes)
		}
		seen := other.Close()
		if len(seen.Transfers) != 1 || !bytes.Equal(seen.Transfers[0].Plain, plain) || seen.Connections != 2 {
			t.Errorf("%d connections, transfers %v", seen.Connections, seen.Transfers)
		}
	})
}

func TestTakenNamesAreTakenFirst(t *testing.T) {
	ed := edition(t, spec.DefaultEdition)
	server := listen(t, ed, peer.Script{})
	record(t, ed, server.Addr(), func(c *peer.Client) { introduce(t, c) })
	tr := record(t, ed, server.Addr(), func(c *peer.Client) { c.Register("Ada") })
	// A server that knows a name as soon as it is registered, as peer.Server does not.
	rules := []peer.Rule{{On: spec.TypeRegister, From: 2, Do: peer.Respond(&wire.RegistrationRefused{})}}
	r, steps := run(t, tr, replay.Options{Edition: ed, Addr: listen(t, ed, peer.Script{Rules: rules}).Addr()})
	expectSame(t, tr, r, steps)
}

// TestWrongPaddingIsKept replays files that do not decrypt.
func TestWrongPaddingIsKept(t *testing.T) {
	ed := edition(t, spec.DefaultEdition)
	var client *peer.Client
	tr := record(t, ed, listen(t, ed, peer.Script{}).Addr(), func(c *peer.Client) {
		introduce(t, c)
		client = c
		block, err := aes.NewCipher(c.AES)
		if err != nil {
			t.Fatal(err)
		}
		wrong := make([]byte, 64) // its padding is 0
		cipher.NewCBCEncrypter(block, make([]byte, 16)).CryptBlocks(wrong, wrong)
		if r := c.SendTransfer(c.Pack("a.bin", make([]byte, 60), wrong, 1024)); r.Type() != spec.TypeError {
			t.Fatal(r)
		}
		// Nor are there whole blocks.
		if r := c.SendTransfer(c.Pack("a.bin", make([]byte, 60), wrong[:61], 30)); r.Type() != spec.TypeError {
			t.Fatal(r)
		}
	})
	r, _ := run(t, tr, replay.Options{Edition: ed, Addr: listen(t, ed, peer.Script{}).Addr()})
	if r.Difference != nil || r.Compared < 4 || !strings.Contains(strings.Join(r.Notes, "\n"), "what was refused may have been the file's bytes") {
		t.Errorf("without keys: %v, %q", r.Difference, r.Notes)
	}
	tr.Secrets = secretsOf(t, client)
	r, steps := run(t, tr, replay.Options{Edition: ed, Addr: listen(t, ed, peer.Script{}).Addr()})
	expectSame(t, tr, r, steps)
	if len(r.Notes) > 0 {
		t.Errorf("with keys there is nothing to say: %q", r.Notes)
	}
}

// TestNonsenseGoesAsItIs replays bytes that are no messages to a listener that
// keeps them.
func TestNonsenseGoesAsItIs(t *testing.T) {
	ed := edition(t, spec.DefaultEdition)
	header := func(code uint16, size uint32) []byte {
		return wire.RequestHeader{Client: wire.ID{1, 2}, Version: 3, Code: code, Size: size}.Append(nil)
	}
	for name, data := range map[string][]byte{
		"part of a header":   header(1025, 255)[:11],
		"an unknown code":    append(header(4711, 3), 1, 2, 3),
		"a payload too long": append(header(1025, 300), bytes.Repeat([]byte{'x'}, 300)...),
		"a text without NUL": append(header(1027, 255), bytes.Repeat([]byte{'x'}, 255)...),
		"a part of a packet": append(header(1028, 1<<32-1), bytes.Repeat([]byte{9}, 700)...),
		"noise":              bytes.Repeat([]byte{0xfe, 0, 1}, 99),
		"no public key":      append(header(1026, 415), append([]byte("Ada"), make([]byte, 412)...)...),
	} {
		for _, o := range []replay.Options{{}, {Pace: true}, {Verbatim: true}} {
			t.Run(name, func(t *testing.T) {
				listener, err := net.Listen("tcp", "127.0.0.1:0")
				if err != nil {
					t.Fatal(err)
				}
				got := make(chan []byte, 1)
				go func() { got <- serveOnce(listener) }()
				tr := &trace.Transcript{Edition: ed.Name}
				for i, b := range data {
					tr.Events = append(tr.Events, trace.Event{At: time.Duration(i), Data: []byte{b}})
				}
				tr.Events = append(tr.Events,
					trace.Event{At: time.Millisecond, Kind: trace.End},
					trace.Event{At: time.Millisecond, Dir: trace.ToClient, Data: []byte("bye")},
					trace.Event{At: time.Millisecond, Dir: trace.ToClient, Kind: trace.End})
				o.Edition, o.Addr = ed, listener.Addr().String()
				r, steps := run(t, tr, o)
				expectSame(t, tr, r, steps)
				if b := <-got; !bytes.Equal(b, data) {
					t.Errorf("sent %x, not %x", b, data)
				}
			})
		}
	}
}

// serveOnce reads all that one client sends, and answers "bye".
func serveOnce(listener net.Listener) []byte {
	defer func() { _ = listener.Close() }()
	conn, err := listener.Accept()
	if err != nil {
		return nil
	}
	defer conn.Close()
	var all bytes.Buffer
	if _, err := all.ReadFrom(conn); err != nil {
		return nil
	}
	_, _ = conn.Write([]byte("bye"))
	return all.Bytes()
}

// TestIDsInMalformedRequestsAreAdapted: else they would be refused for the id.
func TestIDsInMalformedRequestsAreAdapted(t *testing.T) {
	ed := edition(t, spec.DefaultEdition)
	tr := record(t, ed, listen(t, ed, peer.Script{}).Addr(), func(c *peer.Client) {
		introduce(t, c)
		f := c.Frame(&wire.CRCOK{Name: "a"})
		if err := f.PutBytes("file name", bytes.Repeat([]byte{'x'}, 255)); err != nil {
			t.Fatal(err)
		}
		c.SendBytes(f.Bytes)
		c.Receive()
	})
	server := listen(t, ed, peer.Script{})
	r, steps := run(t, tr, replay.Options{Edition: ed, Addr: server.Addr()})
	expectSame(t, tr, r, steps)
	seen := server.Close()
	if len(r.Notes) > 0 {
		t.Errorf("nothing is in doubt: %q", r.Notes)
	}
	if last := seen.Requests[len(seen.Requests)-1]; last.Err == nil || last.Header.Client != seen.Accounts[0].ID {
		t.Errorf("the last request is %v", last)
	}
}

func TestStrangersAreNamed(t *testing.T) {
	ed := edition(t, spec.DefaultEdition)
	tr := record(t, ed, listen(t, ed, peer.Script{}).Addr(), func(c *peer.Client) {
		c.ID, c.Name = wire.ID{0xab}, "Eve"
		c.Login()
	})
	r, steps := run(t, tr, replay.Options{Edition: ed, Addr: listen(t, ed, peer.Script{}).Addr()})
	expectSame(t, tr, r, steps)
	if len(r.Notes) != 1 || !strings.Contains(r.Notes[0], "client ab000000000000000000000000000000 keeps its recorded id") {
		t.Errorf("notes %q", r.Notes)
	}
}

func TestWhatCannotBeReplayed(t *testing.T) {
	t.Parallel()
	ed := edition(t, spec.DefaultEdition)
	server := listen(t, ed, peer.Script{})
	var client *peer.Client
	record(t, ed, server.Addr(), func(c *peer.Client) { introduce(t, c); client = c })
	login := record(t, ed, server.Addr(), func(c *peer.Client) { c.As(client).Login() })
	deaf := listen(t, ed, peer.Script{Rules: []peer.Rule{{On: spec.TypeRegister, From: 1, To: peer.Always, Do: peer.Hush}}})
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	gone := listener.Addr().String()
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	canceled, cancel := context.WithCancel(t.Context())
	cancel()

	o := replay.Options{Edition: ed, Addr: server.Addr(), Timeout: impatience}
	_, err = replay.Run(t.Context(), &trace.Transcript{}, o)
	if !errors.Is(err, replay.ErrNoRequests) {
		t.Errorf("nothing recorded: %v", err)
	}
	o.Addr = gone
	if _, err = replay.Run(t.Context(), login, o); !errors.As(err, new(*replay.UnreachableError)) {
		t.Errorf("nobody listens: %v", err)
	}
	o.Addr = deaf.Addr()
	if _, err = replay.Run(t.Context(), login, o); !errors.As(err, new(*replay.PrepareError)) {
		t.Errorf("no registration: %v", err)
	}
	o.Addr = server.Addr()
	if r, err := replay.Run(canceled, login, o); err == nil {
		t.Errorf("canceled: %v", r)
	}
}

// TestCutRecordings replays as much as there is, and says so.
func TestCutRecordings(t *testing.T) {
	ed := edition(t, spec.DefaultEdition)
	whole := record(t, ed, listen(t, ed, peer.Script{}).Addr(), func(c *peer.Client) { visit(t, c) })
	for _, dir := range []trace.Direction{trace.ToServer, trace.ToClient} {
		for n := 1; n < len(whole.Events); n += 4 { // each takes a key pair
			tr := *whole
			tr.Events = append(slices.Clone(whole.Events[:n]), trace.Event{At: whole.Events[n-1].At, Dir: dir, Kind: trace.Cut})
			r, steps := run(t, &tr, replay.Options{Edition: ed, Addr: listen(t, ed, peer.Script{}).Addr()})
			if r.Difference != nil {
				t.Fatalf("%d events, %s: %v\n%s", n, dir, r.Difference, steps)
			}
			if !strings.Contains(strings.Join(r.Notes, "\n"), "lacks the end") {
				t.Errorf("%d events: the cut is not mentioned: %q", n, r.Notes)
			}
		}
	}
}

// TestPaceKeepsSegments looks at what a replay itself records.
func TestPaceKeepsSegments(t *testing.T) {
	ed := edition(t, spec.DefaultEdition)
	tr := record(t, ed, listen(t, ed, peer.Script{}).Addr(), func(c *peer.Client) { visit(t, c) })
	var first []trace.Event // of its events, each in pieces
	for _, e := range tr.Events {
		for piece := range slices.Chunk(e.Data, 333) {
			part := e
			part.Data = piece
			first = append(first, part)
		}
		if e.Kind != trace.Data {
			first = append(first, e)
		}
	}
	tr.Events = first
	for _, pace := range []bool{false, true} {
		rec := trace.NewRecorder(ed.Name, 0)
		r, steps := run(t, tr, replay.Options{Edition: ed, Addr: listen(t, ed, peer.Script{}).Addr(), Record: func() *trace.Recorder { return rec }, Pace: pace})
		expectSame(t, tr, r, steps)
		was, now := sizes(tr), sizes(rec.Transcript())
		if slices.Equal(was, now) != pace || !pace && len(now) != r.Requests {
			t.Errorf("pace %v: writes of %v bytes were recorded, %v of the replay", pace, was, now)
		}
	}
}

// sizes returns the lengths of what the client wrote.
func sizes(tr *trace.Transcript) []int {
	var all []int
	for _, e := range tr.Events {
		if e.Dir == trace.ToServer && e.Kind == trace.Data {
			all = append(all, len(e.Data))
		}
	}
	return all
}

// What a client was given on one connection holds on the next, and things happen in
// the order in which they happened, whatever the order of the transcripts.
func TestSeveralConnections(t *testing.T) {
	inEveryEdition(t, func(t *testing.T, ed *spec.Edition) {
		server := listen(t, ed, peer.Script{})
		var client *peer.Client
		var second *trace.Transcript
		first := record(t, ed, server.Addr(), func(c *peer.Client) {
			introduce(t, c)
			client = c
			second = record(t, ed, server.Addr(), func(c *peer.Client) {
				c.As(client)
				c.SendFile("a.bin", plain)
			})
			c.Exchange(&wire.CRCOK{Name: "a.bin"})
		})
		other := listen(t, ed, peer.Script{})
		var steps []string
		r, err := replay.RunAll(t.Context(), []*trace.Transcript{second, first}, replay.Options{
			Edition: ed, Addr: other.Addr(), Timeout: patience,
			Step: func(s replay.Step) { steps = append(steps, fmt.Sprintf("%d%s", s.Conn, s.Dir)) },
		})
		if err != nil || r.Difference != nil {
			t.Fatal(err, r, steps)
		}
		order := strings.Join(steps, " ")
		if !strings.HasPrefix(order, "2> 2< 2> 2< 1>") || !strings.Contains(order, "1> 1< 1> 1< 2> 2<") || strings.Contains(strings.Join(r.Notes, "\n"), "first") {
			t.Errorf("%s, notes %q", order, r.Notes)
		}
		seen := other.Close()
		if seen.Connections != 2 || len(seen.Transfers) != 1 {
			t.Errorf("%d connections, transfers %v", seen.Connections, seen.Transfers)
		}
	})
}

func TestADifferenceNamesItsConnection(t *testing.T) {
	ed := edition(t, spec.DefaultEdition)
	server := listen(t, ed, peer.Script{})
	first := record(t, ed, server.Addr(), func(c *peer.Client) { c.Register("Ada") })
	second := record(t, ed, server.Addr(), func(c *peer.Client) { c.Register("Bob") })
	wrong := listen(t, ed, peer.Script{Rules: []peer.Rule{{On: spec.TypeRegister, From: 2, To: 2, Do: peer.Refuse}}})
	r, err := replay.RunAll(t.Context(), []*trace.Transcript{first, second}, replay.Options{Edition: ed, Addr: wrong.Addr(), Timeout: patience})
	if err != nil || r.Difference == nil || r.Conn != 2 {
		t.Errorf("%v, %+v", err, r)
	}
}
