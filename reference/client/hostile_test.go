package client_test

import (
	"context"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/xferspec/xferspec/reference/client"
	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/state"
	"github.com/xferspec/xferspec/spec/wire"
)

// answers are the lengths of the right answers of 2024a.
var answers = map[spec.MessageType]int{
	spec.TypeRegister: 23, spec.TypePublicKey: 151, spec.TypeLogin: 151, spec.TypeFile: 286, spec.TypeCRCOK: 23,
}

// SEC-1, RTY-5: the stream is cut within every answer, and after it, where the next
// message finds the connection closed.
func TestAnswerCutAnywhere(t *testing.T) {
	for _, stage := range stages {
		t.Run(stage.request.String(), func(t *testing.T) {
			t.Parallel()
			cut := 0
			f := &fake{answer: func(r *request, right []byte) ([]byte, error) {
				if r.message.Type() == stage.request {
					return right[:cut], errHangUp
				}
				return right, nil
			}}
			f.start(t)
			whole := answers[stage.request]
			step := 1
			if !stage.known {
				step = whole/10 + 1 // every run makes a key pair
			}
			o := newOutbox(t, f.addr, pattern(3000))
			for ; cut <= whole; cut += step {
				if stage.known {
					o.register(f)
				} else {
					_ = os.Remove(filepath.Join(o.dir, "me.info"))
				}
				output, err := o.run(f)
				done := stage.request == spec.TypeCRCOK && cut == whole
				if done != (err == nil) || strings.Contains(output, errorLine) {
					t.Errorf("cut after %d of %d bytes: %v\n%s", cut, whole, err, output)
				}
			}
		})
	}
}

// SEC-1: a declared size from which the stream does not recover ends the run at
// once, and costs nothing.
func TestHugeAnswers(t *testing.T) {
	tests := []struct {
		name   string
		header []byte
	}{
		{"an unknown code, 4 GiB", []byte{3, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}},
		{"1607, 4 GiB", []byte{3, 0x47, 6, 0xff, 0xff, 0xff, 0xff}},
		{"the expected code, 4 GiB", nil},
		{"a byte more than is skipped", []byte{3, 0xff, 0xff, 1, 0, 1, 0}},
	}
	for _, stage := range stages {
		for _, tt := range tests {
			t.Run(stage.request.String()+"/"+tt.name, func(t *testing.T) {
				t.Parallel()
				f := (&fake{answer: func(r *request, right []byte) ([]byte, error) {
					if r.message.Type() != stage.request {
						return right, nil
					}
					if tt.header == nil {
						return append(right[:3:3], 0xff, 0xff, 0xff, 0xff), nil
					}
					return tt.header, nil
				}}).start(t)
				o := newOutbox(t, f.addr, pattern(3000))
				if stage.known {
					o.register(f)
				}
				_, err := o.run(f)
				if err == nil || !strings.Contains(err.Error(), "see whether the server is one of edition 2024a") {
					t.Errorf("error %v", err)
				}
				if n := len(sendings(f.received(), stage.request)); n != 1 {
					t.Errorf("%s was sent %d times, want once", stage.request, n)
				}
			})
		}
	}
}

// RTY-8: silence, at once or within an answer, ends the run when the time is up.
func TestSilence(t *testing.T) {
	var runs sync.WaitGroup // all at once: each takes as long as its timeout
	for _, stage := range stages {
		for _, said := range []int{0, 3, 20} {
			f := (&fake{answer: func(r *request, right []byte) ([]byte, error) {
				if r.message.Type() == stage.request {
					return right[:said], nil
				}
				return right, nil
			}}).start(t)
			o := newOutbox(t, f.addr, nil)
			if stage.known {
				o.register(f)
			}
			runs.Go(func() {
				// The answers that do come have to come within this time, too.
				_, err := o.runConfig(client.Config{Timeout: 700 * time.Millisecond})
				if err == nil || !strings.Contains(err.Error(), "no whole answer to the") {
					t.Errorf("%d bytes of the answer to %s: %v", said, stage.request, err)
				}
			})
		}
	}
	runs.Wait()
}

// RTY-8: so does a server that accepts and reads nothing.
func TestServerThatDoesNotRead(t *testing.T) {
	f := (&fake{deaf: true}).start(t)
	o := newOutbox(t, f.addr, pattern(1000))
	_, err := o.runConfig(client.Config{Timeout: 100 * time.Millisecond})
	if err == nil || !strings.Contains(err.Error(), "no whole answer to the registration within 100ms") {
		t.Errorf("error %v", err)
	}
}

// RTY-5: a connection that is reset, or refused.
func TestResetAndRefused(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go func() {
		conn, err := listener.Accept()
		if err == nil {
			_ = conn.(*net.TCPConn).SetLinger(0) // Close then resets
			_ = conn.Close()
		}
	}()
	o := newOutbox(t, listener.Addr().String(), nil)
	if _, err := o.runConfig(client.Config{}); err == nil {
		t.Errorf("after a reset: %v", err)
	}
	_ = listener.Close()
	_, err = o.runConfig(client.Config{})
	if err == nil || !strings.Contains(err.Error(), "line 1 of transfer.info") {
		t.Errorf("without a server: %v", err)
	}
}

// A registration after which the server is lost can be told from none: me.info is
// there, and the next run logs in.
func TestMeInfoIsWrittenAfterRegistration(t *testing.T) {
	lost := true
	f := (&fake{answer: func(r *request, right []byte) ([]byte, error) {
		if r.message.Type() == spec.TypePublicKey && lost {
			return nil, errHangUp
		}
		return right, nil
	}}).start(t)
	o := newOutbox(t, f.addr, nil)
	if _, err := o.run(f); err == nil {
		t.Fatal("the server hung up, the client did not notice")
	}
	me, err := state.ParseMeInfo(o.read("me.info"))
	if err != nil || me.Client != f.client {
		t.Errorf("me.info says %s: %v", me.Client, err)
	}
	lost = false
	if output, err := o.run(f); err != nil {
		t.Errorf("%v\n%s", err, output)
	}
	if _, ok := f.received()[2].message.(*wire.Login); !ok {
		t.Error("the second run did not log in")
	}
}

// A context that ends interrupts any wait.
func TestInterrupt(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	f := (&fake{answer: func(*request, []byte) ([]byte, error) {
		cancel()
		return nil, nil
	}}).start(t)
	o := newOutbox(t, f.addr, nil)
	started := time.Now()
	err := client.Run(ctx, client.Config{Dir: o.dir})
	if took := time.Since(started); took > client.DefaultTimeout/2 {
		t.Errorf("the run took %s", took)
	}
	if err == nil || !strings.HasPrefix(err.Error(), "interrupted: context canceled") {
		t.Errorf("error %v", err)
	}
}
