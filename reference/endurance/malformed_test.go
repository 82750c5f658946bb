//go:build linux

package endurance

import (
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/xferspec/xferspec/spec/wire"
)

// TestMalformed sends conversations that were legal before something in them was
// changed. The server answers what it likes and ends each connection soon after its
// client has nothing more to say; it lives (ERR-4), bounded in memory (FRM-13), and
// a client beside it keeps what it has (ERR-5).
func TestMalformed(t *testing.T) {
	inputs := size(t, 1000, 10_000)
	const workers, memory = 8, 96 << 20
	p := start(t, setup{dir: t.TempDir()})
	bystander := mustJoin(t, p.addr, "Ada")
	for _, err := range []error{bystander.upload("f", []byte("kept")), bystander.verify("f")} {
		if err != nil {
			t.Fatal(err)
		}
	}
	var answered atomic.Int64
	inParallel(t, workers, func(w int) error {
		mallory, err := newcomer(p.addr, fmt.Sprint("Mallory ", w))
		if err != nil {
			return err
		}
		defer mallory.close()
		for i := w; i < inputs; i += workers {
			input, err := malformed(choices(i), mallory, i)
			if err != nil {
				return err
			}
			n, err := feed(p.addr, input)
			if err != nil {
				return fmt.Errorf("input %d of seed %d, %d bytes, %.300x: %w", i, *seed, len(input), input, err)
			}
			answered.Add(n)
		}
		return nil
	})
	for _, err := range []error{bystander.login(), bystander.verify("f")} {
		if err != nil {
			t.Errorf("the client beside: %v", err)
		}
	}
	wantStored(t, p.cmd.Dir, bystander.id, "f", []byte("kept"))
	now := p.measure()
	t.Logf("seed %d: %d inputs, %d bytes of answers, %s", *seed, inputs, answered.Load(), now)
	if now.peak > memory {
		t.Errorf("the server took up to %d bytes of memory, want at most %d", now.peak, memory)
	}
	within(t, func() bool { return len(unfinished(p.cmd.Dir)) == 0 })
	p.stop()
}

// feed sends an input on a connection of its own, up to the end of both directions,
// and returns how many bytes came back.
func feed(addr string, input []byte) (answered int64, err error) {
	conn, err := net.DialTimeout("tcp", addr, patience)
	if err != nil {
		return 0, err
	}
	defer func() { _ = conn.Close() }()
	if err := conn.SetDeadline(time.Now().Add(patience)); err != nil {
		return 0, err
	}
	sent := make(chan error, 1)
	go func() { // while answers are read: a server may wait until somebody takes them
		_, err := conn.Write(input)
		if closeErr := conn.(*net.TCPConn).CloseWrite(); err == nil {
			err = closeErr
		}
		sent <- err
	}()
	answered, err = io.Copy(io.Discard, conn)
	for _, err := range []error{err, <-sent} {
		if errors.Is(err, os.ErrDeadlineExceeded) {
			return answered, fmt.Errorf("the server does not end the connection: %w", err)
		}
		if err != nil && !connectionLost(err) && !errors.Is(err, syscall.ENOTCONN) {
			return answered, err
		}
	}
	return answered, nil
}

// malformed returns a conversation of a client with one to four mistakes in it.
func malformed(r *rand.Rand, c *client, number int) ([]byte, error) {
	frames, err := conversation(r, c, number)
	if err != nil {
		return nil, err
	}
	for range 1 + r.IntN(4) {
		frames = spoil(r, frames)
	}
	var all []byte
	for _, f := range frames {
		all = append(all, f...)
	}
	return all, nil
}

// conversation returns the frames of a legal one.
func conversation(r *rand.Rand, c *client, number int) (frames [][]byte, err error) {
	packets, err := c.packets("f", make([]byte, r.IntN(5000)))
	if err != nil {
		return nil, err
	}
	messages := []wire.Message{
		&wire.Register{Name: fmt.Sprint("new ", number)}, &wire.PublicKey{Name: c.name, Key: make([]byte, wire.PublicKeySize)},
	}
	messages = append(messages, packets...)
	messages = append(messages, &wire.CRCBad{Name: "f"})
	messages = append(messages, packets...)
	messages = append(messages, &wire.CRCOK{Name: "f"}, &wire.CRCAbort{Name: "f"})
	for _, m := range messages {
		b, err := c.encode(m)
		if err != nil {
			return nil, err
		}
		frames = append(frames, b)
	}
	return frames, nil
}

// spoil makes one mistake.
func spoil(r *rand.Rand, frames [][]byte) [][]byte {
	if len(frames) == 0 {
		return append(frames, make([]byte, r.IntN(100)))
	}
	i := r.IntN(len(frames))
	f := frames[i]
	at := r.IntN(len(f) + 1)
	switch r.IntN(9) {
	case 0: // bits
		for range 1 + r.IntN(8) {
			if len(f) > 0 {
				f[r.IntN(len(f))] ^= 1 << r.IntN(8)
			}
		}
	case 1: // a header's version, code or size
		if len(f) >= wire.RequestHeaderSize {
			f[wire.IDSize+r.IntN(wire.RequestHeaderSize-wire.IDSize)] = byte(r.Uint32())
		}
	case 2: // a declared size as large as can be
		if len(f) >= wire.RequestHeaderSize {
			copy(f[wire.RequestHeaderSize-4:], "\xff\xff\xff\xff"[r.IntN(4):])
		}
	case 3: // an integer of a payload, or the beginning of its text
		if len(f) >= wire.RequestHeaderSize+12 {
			f[wire.RequestHeaderSize+r.IntN(12)] = []byte{0, 1, 0x7f, 0x80, 0xff}[r.IntN(5)]
		}
	case 4: // cut off
		frames[i] = f[:at]
	case 5: // bytes put in
		frames[i] = append(append(append([]byte(nil), f[:at]...), make([]byte, 1+r.IntN(300))...), f[at:]...)
	case 6: // left out
		frames = append(frames[:i:i], frames[i+1:]...)
	case 7: // twice
		frames = append(frames[:i:i], append([][]byte{append([]byte(nil), f...)}, frames[i:]...)...)
	case 8: // in another order
		j := r.IntN(len(frames))
		frames[i], frames[j] = frames[j], frames[i]
	}
	return frames
}
