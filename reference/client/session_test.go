package client

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/wire"
)

// brokenPipe is a connection that takes no bytes any more and still has an answer.
type brokenPipe struct {
	net.Conn
	answer io.Reader
}

func (b *brokenPipe) Read(p []byte) (int, error) { return b.answer.Read(p) }
func (b *brokenPipe) Write([]byte) (int, error)  { return 0, syscall.EPIPE }

func (b *brokenPipe) SetReadDeadline(time.Time) error  { return nil }
func (b *brokenPipe) SetWriteDeadline(time.Time) error { return nil }
func (b *brokenPipe) Close() error                     { return nil }

// What the server said before it closed is read, although the request did not
// go out.
func TestLastWordsAreRead(t *testing.T) {
	edition := defaultEdition(t)
	refusal := []byte{3, 0x47, 6, 0, 0, 0, 0}
	thanks := append([]byte{3, 0x44, 6, 16, 0, 0, 0}, make([]byte, 16)...)
	tests := []struct {
		name   string
		answer []byte
		errors int // error responses that are reported
	}{
		{"nothing", nil, 0},
		{"1607", refusal, 1},
		{"1607 twice", append(refusal[:7:7], refusal...), 2},
		{"half of 1607", refusal[:3], 0},
		{"thanks for what did not go out", thanks, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var out bytes.Buffer
			cfg := Config{Edition: edition, Out: &out, Timeout: time.Minute}
			s := newSession(t.Context(), &brokenPipe{answer: bytes.NewReader(tt.answer)}, cfg)
			err := s.closing("crc ok", &wire.CRCOK{Name: "notes.txt"})
			if !errors.Is(err, syscall.EPIPE) {
				t.Errorf("error %v, want that of the write", err)
			}
			if got := strings.Count(out.String(), "server responded with an error"); got != tt.errors {
				t.Errorf("%d error responses reported, want %d", got, tt.errors)
			}
		})
	}
}

// RTY-8: a server that takes no more bytes is given up on when the time is up.
func TestWriteTimesOut(t *testing.T) {
	near, far := net.Pipe() // holds nothing: a write waits for a read
	defer far.Close()
	s := newSession(context.Background(), near, Config{Edition: defaultEdition(t), Out: io.Discard, Timeout: 10 * time.Millisecond})
	defer s.close()
	err := s.send(&wire.CRCOK{Name: "notes.txt"})
	if !errors.Is(err, os.ErrDeadlineExceeded) || !strings.Contains(err.Error(), "within 10ms") {
		t.Errorf("error %v", err)
	}
}

func defaultEdition(t *testing.T) *spec.Edition {
	t.Helper()
	edition, err := spec.LookupEdition(spec.DefaultEdition)
	if err != nil {
		t.Fatal(err)
	}
	return edition
}

// The answer to a file may take longer, by a second for every megabyte.
func TestWaitGrowsWithTheWork(t *testing.T) {
	for work, want := range map[int64]time.Duration{
		0:             30 * time.Second,
		1_000_000:     31 * time.Second,
		67_107_839:    97*time.Second + 107839*time.Microsecond,
		4_294_967_295: 4324*time.Second + 967295*time.Microsecond,
	} {
		if got := (question{work: work}).wait(30 * time.Second); got != want {
			t.Errorf("%d bytes: %s, want %s", work, got, want)
		}
	}
}
