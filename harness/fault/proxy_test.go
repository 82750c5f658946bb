package fault

import (
	"bytes"
	"errors"
	"io"
	"math/rand/v2"
	"net"
	"reflect"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/xferspec/xferspec/harness/peer"
	"github.com/xferspec/xferspec/harness/trace"
	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/seal"
	"github.com/xferspec/xferspec/spec/wire"
)

// TestServe damages a packet between the harness's own client and server, as
// plans/one-packet.yaml does.
func TestServe(t *testing.T) {
	s, err := peer.Listen(t.Context(), "127.0.0.1", edition(spec.DefaultEdition), peer.Script{})
	if err != nil {
		t.Fatal(err)
	}
	r := start(t, parsed(t, "faults: [{to: server, message: file, where: {packet number: 1}, occurrence: 1, flip: {field: content, bits: 2}}]"), s.Addr())
	c, err := peer.Dial(t.Context(), r.addr, peer.Options{Edition: edition(spec.DefaultEdition), Timeout: patience})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	key, err := seal.GenerateKey()
	if err != nil {
		t.Fatal(err)
	}
	c.Register("Ada")
	c.SendKey(key)
	file := c.NewTransfer("a.txt", bytes.Repeat([]byte("plain"), 700), peer.DefaultPacket)
	for _, whole := range []bool{false, true} {
		m, ok := c.SendTransfer(file).Message.(*wire.FileReceived)
		if !ok || (m.Cksum == file.Cksum()) != whole {
			t.Errorf("answer %+v; the right cksum: %d, expected: %t", m, file.Cksum(), whole)
		}
	}
	c.Close()
	end := within(t, r.ends, "the end of the connection")
	if changes := r.changes(); len(changes) != 2 || changes[0].Field != "content" || changes[0].Frame != 3 {
		t.Errorf("changes %+v", changes)
	}
	compare(t, end, r.changes())
	if err := r.stop(t); err != nil {
		t.Error(err)
	}
	if seen := s.Close(); len(seen.Requests) != 10 || len(seen.Leftover) != 0 {
		t.Errorf("the server saw %v", seen)
	}
}

// compare wants the two transcripts of a connection to differ in the changes alone.
func compare(t *testing.T, end ended, changes []Change) {
	t.Helper()
	ed := edition(spec.DefaultEdition)
	in, out := end.in.Frames(ed), end.out.Frames(ed)
	if len(in) != len(out) {
		t.Fatalf("%d frames came in, %d went out", len(in), len(out))
	}
	var number [2]int
	for i := range in {
		number[in[i].Dir]++
		want := bytes.Clone(in[i].Bytes)
		for _, c := range changes {
			if c.Dir == in[i].Dir && c.Frame == number[c.Dir] {
				copy(want[c.Offset:], c.After)
			}
		}
		if !bytes.Equal(out[i].Bytes, want) {
			t.Errorf("frame %d: %x went out, not %x", i, out[i].Bytes, want)
		}
	}
}

// TestSameAgain runs a plan twice over the same conversation, sent in other pieces.
func TestSameAgain(t *testing.T) {
	ed := edition(spec.DefaultEdition)
	plan := parsed(t, `
seed: 99
faults:
  - {message: file, occurrence: 2-, flip: {field: content, bits: 5}}
  - {message: register, set: {field: name, value: Eve}}
  - {message: file, occurrence: 3, repeat: 1}
  - {to: client, occurrence: 2, code: error}
  - {to: both, split: 100}
  - {message: file-received, cksum: {xor: 0xFF}}
  - {message: thanks, flip: {field: client id, bits: 3}}
`)
	answers := map[spec.MessageType][]byte{
		spec.TypeRegister: encode(t, &wire.Registered{Client: testClient}),
		spec.TypeFile:     encode(t, &wire.FileReceived{Client: testClient, ContentSize: 48, Name: "a.txt", Cksum: 7}),
		spec.TypeCRCOK:    encode(t, &wire.Thanks{Client: testClient}),
	}
	server := answering(t, answers)
	var streams [2][][]byte
	var changes [2][]Change
	for run := range 2 {
		r := start(t, plan, server)
		conn := dial(t, r.addr)
		go func() {
			input := encode(t, &wire.Register{Name: "Ada"}, packet(1), packet(2), packet(3), &wire.CRCOK{Name: "a.txt"})
			for len(input) > 0 {
				n := min(len(input), 1+rand.IntN(300))
				if _, err := conn.Write(input[:n]); err != nil {
					t.Error(err)
					return
				}
				input = input[n:]
			}
			_ = conn.CloseWrite()
		}()
		if _, err := io.ReadAll(conn); err != nil {
			t.Error(err)
		}
		out := within(t, r.ends, "the end of the connection").out
		for _, dir := range []trace.Direction{trace.ToServer, trace.ToClient} {
			var all []byte
			for _, f := range out.Frames(ed) {
				if f.Dir == dir {
					all = append(all, f.Bytes...)
				}
			}
			streams[run] = append(streams[run], all)
		}
		changes[run] = r.changes()
		if err := r.stop(t); err != nil {
			t.Error(err)
		}
	}
	if !reflect.DeepEqual(streams[0], streams[1]) {
		t.Errorf("went out:\n%x\nand then:\n%x", streams[0], streams[1])
	}
	if !reflect.DeepEqual(changes[0], changes[1]) || len(changes[0]) < 20 {
		t.Errorf("changes:\n%+v\nand then:\n%+v", changes[0], changes[1])
	}
}

// TestOccurrencesAreCountedOverAllConnections: of 20 registrations at a time,
// just three are not answered.
func TestOccurrencesAreCountedOverAllConnections(t *testing.T) {
	server := answering(t, map[spec.MessageType][]byte{spec.TypeRegister: unhex(t, failure)})
	r := start(t, parsed(t, "faults: [{message: error, occurrence: 2-4, half-close: true}]"), server)
	const clients = 20
	answered := make(chan bool, clients)
	for range clients {
		conn := dial(t, r.addr)
		go func() {
			if _, err := conn.Write(encode(t, &wire.Register{Name: "Ada"})); err != nil {
				t.Error(err)
			}
			_ = conn.CloseWrite()
			answer, err := io.ReadAll(conn)
			if err != nil {
				t.Error(err)
			}
			answered <- len(answer) > 0
		}()
	}
	silent := 0
	for range clients {
		if !within(t, answered, "an answer or the end") {
			silent++
		}
	}
	if silent != 3 {
		t.Errorf("%d have no answer", silent)
	}
	numbers := map[int]bool{}
	for range clients {
		numbers[within(t, r.ends, "the end of a connection").number] = true
	}
	if len(numbers) != clients || !numbers[1] || !numbers[clients] {
		t.Errorf("the connections have the numbers %v", numbers)
	}
	if err := r.stop(t); err != nil {
		t.Error(err)
	}
}

func TestResetByPlan(t *testing.T) {
	server := answering(t, map[spec.MessageType][]byte{spec.TypeRegister: unhex(t, failure)})
	r := start(t, parsed(t, "faults: [{message: login, reset: true}]"), server)
	conn := dial(t, r.addr)
	if _, err := conn.Write(encode(t, &wire.Register{Name: "Ada"})); err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadFull(conn, make([]byte, len(unhex(t, failure)))); err != nil {
		t.Fatal(err)
	}
	if _, err := conn.Write(encode(t, &wire.Login{Name: "Ada"})); err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadAll(conn); err == nil {
		t.Error("the connection ended in order")
	}
	end := within(t, r.ends, "the end of the connection")
	resets := map[trace.Direction]bool{}
	for _, e := range end.out.Events {
		if e.Kind == trace.Reset {
			resets[e.Dir] = true
		}
	}
	if len(resets) != 2 || !strings.HasSuffix(end.out.Note, "; reset, as the plan says") {
		t.Errorf("resets %v, note %q", resets, end.out.Note)
	}
	if in := end.in.Frames(edition(spec.DefaultEdition)); len(in) != 3 {
		t.Errorf("came in: %+v", in)
	}
	if err := r.stop(t); err != nil {
		t.Error(err)
	}
}

// TestHalfCloseByPlan: the answer still comes.
func TestHalfCloseByPlan(t *testing.T) {
	listener := listen(t)
	go func() {
		if conn, err := listener.Accept(); err == nil {
			request, _ := io.ReadAll(conn)
			_, _ = conn.Write([]byte{byte(len(request))})
			_ = conn.Close()
		}
	}()
	r := start(t, parsed(t, "faults: [{message: register, cut: {bytes: 40}}]"), listener.Addr().String())
	conn := dial(t, r.addr)
	if _, err := conn.Write(encode(t, &wire.Register{Name: "Ada"}, &wire.Login{Name: "Ada"})); err != nil {
		t.Fatal(err)
	}
	answer, err := io.ReadAll(conn)
	if err != nil || !bytes.Equal(answer, []byte{40}) {
		t.Errorf("answer %v, %v", answer, err)
	}
}

func TestServeToNowhere(t *testing.T) {
	listener := listen(t)
	addr := listener.Addr().String()
	_ = listener.Close()
	r := start(t, &Plan{}, addr)
	if conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", r.addr); err == nil { // else the reset was faster
		_ = conn.SetDeadline(time.Now().Add(patience))
		if _, err := io.ReadAll(conn); err == nil {
			t.Error("a connection that leads nowhere ended in order")
		}
		_ = conn.Close()
	}
	end := within(t, r.ends, "the end of the connection")
	if !strings.HasPrefix(end.in.Note, "not forwarded: ") || end.in.Note != end.out.Note || end.out.Server != addr {
		t.Errorf("notes %q and %q, server %s", end.in.Note, end.out.Note, end.out.Server)
	}
	if err := r.stop(t); err != nil {
		t.Error(err)
	}
}

// TestServeEndsWithContext: also where a frame is delayed or waits, and no
// goroutine is left.
func TestServeEndsWithContext(t *testing.T) {
	before := runtime.NumGoroutine()
	for _, fault := range []string{"{delay: 600000}", "{rate: 1}", "{swap: true}", "{join: 2}", "{message: thanks, drop: true}"} {
		server := listen(t)
		r := start(t, parsed(t, "faults: ["+fault+"]"), server.Addr().String())
		client := dial(t, r.addr)
		onward, err := server.Accept()
		if err != nil {
			t.Fatal(err)
		}
		for conn, m := range map[net.Conn]wire.Message{client: &wire.Login{Name: "Ada"}, onward: &wire.GeneralError{}} {
			if _, err := conn.Write(encode(t, m, m, m, m, m)); err != nil {
				t.Fatal(err)
			}
			within(t, r.passed, "the first frame")
		}
		if err := r.stop(t); err != nil {
			t.Error(err)
		}
		if end := within(t, r.ends, "the end of the connection"); !strings.HasSuffix(end.out.Note, "because the relay ended") {
			t.Errorf("%s: note %q", fault, end.out.Note)
		}
		_ = client.Close()
		_ = onward.Close()
		_ = server.Close()
	}
	deadline := time.After(patience)
	for runtime.NumGoroutine() > before {
		select {
		case <-deadline:
			stacks := make([]byte, 1<<16)
			t.Fatalf("%d goroutines more:\n%s", runtime.NumGoroutine()-before, stacks[:runtime.Stack(stacks, true)])
		default:
			runtime.Gosched()
		}
	}
}

func TestServeRefuses(t *testing.T) {
	plan := parsed(t, "edition: 2024c\nfaults: []")
	listener := listen(t)
	err := Serve(t.Context(), listener, "127.0.0.1:1", edition("2024a"), plan, Observer{})
	if _, ok := errors.AsType[*Error](err); !ok {
		t.Errorf("a plan for another edition: %v", err)
	}
	if err := Serve(t.Context(), listener, "127.0.0.1:1", edition("2024c"), plan, Observer{}); !errors.Is(err, net.ErrClosed) {
		t.Errorf("a closed listener: %v", err)
	}
}

// TestServeReportsABug: a fault that changes more than its field ends the proxy.
func TestServeReportsABug(t *testing.T) {
	plan := parsed(t, "faults: [{message: register, set: {field: version, value: 1}}]")
	plan.Faults[0].patch.apply = func(field []byte, _ *rand.ChaCha8) { field[:2][1] = 0xff } // the byte after it
	r := start(t, plan, answering(t, nil))
	conn := dial(t, r.addr)
	if _, err := conn.Write(encode(t, &wire.Register{Name: "Ada"})); err != nil {
		t.Fatal(err)
	}
	if err := within(t, r.result, "the end of the proxy"); !errors.Is(err, errViolation) {
		t.Errorf("the proxy ended with %v", err)
	}
}
