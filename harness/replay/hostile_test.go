package replay_test

import (
	"bytes"
	"errors"
	"io"
	"math/rand/v2"
	"net"
	"testing"
	"time"

	"github.com/xferspec/xferspec/harness/peer"
	"github.com/xferspec/xferspec/harness/replay"
	"github.com/xferspec/xferspec/harness/trace"
	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/wire"
)

// accept serves every connection until the test ends.
func accept(t *testing.T, serve func(net.Conn)) (addr string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go serve(conn)
		}
	}()
	return listener.Addr().String()
}

// TestAServerThatDoesNotRead holds a replay up once, not once for every packet.
func TestAServerThatDoesNotRead(t *testing.T) {
	t.Parallel() // it waits for what the server may take for what it was sent
	ed := edition(t, spec.DefaultEdition)
	request := wire.RequestHeader{Version: 3, Code: 4711, Size: 1000}.Append(nil)
	request = append(request, make([]byte, 1000)...)
	tr := &trace.Transcript{Edition: ed.Name}
	for range 20_000 {
		tr.Events = append(tr.Events, trace.Event{Data: request})
	}
	tr.Events = append(tr.Events, trace.Event{Dir: trace.ToClient, Data: []byte{3, 0x47, 6, 0, 0, 0, 0}})
	done := make(chan struct{})
	addr := accept(t, func(conn net.Conn) { <-done; _ = conn.Close() })
	defer close(done)
	r, _ := run(t, tr, replay.Options{Edition: ed, Addr: addr, Timeout: impatience, Verbatim: true})
	if r.Difference == nil || r.Compared > 0 {
		t.Errorf("%+v", r)
	}
}

// TestNothingMakesAReplayHang replays conversations that nobody had, on a server
// that says anything.
func TestNothingMakesAReplayHang(t *testing.T) {
	ed := edition(t, spec.DefaultEdition)
	good := record(t, ed, listen(t, ed, peer.Script{}).Addr(), func(c *peer.Client) { visit(t, c) })
	for seed := range uint64(60) {
		random := rand.New(rand.NewPCG(1, seed))
		tr := &trace.Transcript{Edition: ed.Name}
		for range 1 + random.IntN(12) {
			e := good.Events[random.IntN(len(good.Events))]
			switch random.IntN(6) {
			case 0:
				e.Data = e.Data[random.IntN(len(e.Data)+1):]
			case 1:
				e.Data = bytes.Repeat(e.Data, 2)
			case 2:
				e.Dir = trace.ToServer
			case 3:
				e.Kind, e.Data = trace.Kind(1+random.IntN(3)), nil
			}
			if e.Kind == trace.Data && len(e.Data) == 0 {
				continue
			}
			e.At = time.Duration(len(tr.Events)) * time.Millisecond
			tr.Events = append(tr.Events, e)
		}
		said := good.Events[random.IntN(len(good.Events))].Data
		addr := accept(t, func(conn net.Conn) {
			_, _ = conn.Write(said)
			_, _ = io.CopyN(io.Discard, conn, 500)
			_, _ = conn.Write(said)
			_ = conn.Close()
		})
		o := replay.Options{Edition: ed, Addr: addr, Timeout: 50 * time.Millisecond, Pace: seed%2 == 0, Verbatim: seed%3 == 0}
		began := time.Now()
		_, err := replay.Run(t.Context(), tr, o)
		unprepared, _ := errors.AsType[*replay.PrepareError](err)
		if err != nil && unprepared == nil && !errors.Is(err, replay.ErrNoRequests) {
			t.Errorf("seed %d: %v", seed, err)
		}
		if took := time.Since(began); took > patience {
			t.Errorf("seed %d took %s", seed, took)
		}
	}
}
