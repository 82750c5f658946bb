package trace

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/xferspec/xferspec/spec/wire"
)

// TestAnnotateLive prints a message when it is complete, before the next byte has come.
func TestAnnotateLive(t *testing.T) {
	ed := edition(t, "2024a")
	register := encode(t, ed, sample{ToServer, &wire.Register{Name: "Alice"}})
	in, feed := io.Pipe()
	shown, out := io.Pipe()
	done := make(chan error, 1)
	now := 0 * time.Second
	go func() {
		err := AnnotateLive(out, ed, ToServer, in, func() time.Duration { now += time.Second; return now }, AnnotateOptions{})
		done <- errors.Join(err, out.Close())
	}()
	read := func(want string) {
		t.Helper()
		got := make([]byte, len(want))
		if n, _ := io.ReadFull(shown, got); string(got[:n]) != want {
			t.Fatalf("got %q, want %q", got[:n], want)
		}
	}
	send := func(b []byte) {
		t.Helper()
		_, err := feed.Write(b)
		check(t, err)
	}
	whole := annotated(t, ed, FromBytes(ed, ToServer, register), false)
	title, message, _ := strings.Cut(whole, "\n")
	message = strings.Replace(message, "at 0.000000s", "at 1.000000s", 1)
	go send(register[:20])
	read(title + "\n")
	send(register[20:])
	read(message)
	send(register)
	read(strings.Replace(strings.Replace(message, "byte 0", "byte 278", 1), "1.0", "3.0", 1))
	send(register[:5])
	check(t, feed.Close())
	rest, err := io.ReadAll(shown)
	if err != nil || !strings.Contains(string(rest), "> part of a header, 5 of 23 bytes, from byte 556 at 4.000000s") {
		t.Errorf("at the end: %s, %v", rest, err)
	}
	check(t, <-done)
}

// TestAnnotateLiveShowsTheSame however the bytes come.
func TestAnnotateLiveShowsTheSame(t *testing.T) {
	ed := edition(t, "2024a")
	var sent []byte
	for _, s := range conversation(ed) {
		if s.dir == ToServer {
			sent = append(sent, encode(t, ed, s)...)
		}
	}
	rapid.Check(t, func(rt *rapid.T) {
		data := bytes.Clone(sent[:rapid.IntRange(0, len(sent)).Draw(rt, "length")])
		if len(data) > 0 && rapid.Bool().Draw(rt, "damaged") {
			data[rapid.IntRange(0, len(data)-1).Draw(rt, "place")] ^= 0xff
		}
		var pieces []io.Reader
		for rest := data; len(rest) > 0; {
			n := rapid.IntRange(1, min(1000, len(rest))).Draw(rt, "n")
			pieces, rest = append(pieces, bytes.NewReader(rest[:n])), rest[n:]
		}
		var got bytes.Buffer
		zero := func() time.Duration { return 0 }
		if err := AnnotateLive(&got, ed, ToServer, io.MultiReader(pieces...), zero, AnnotateOptions{}); err != nil {
			rt.Fatal(err)
		}
		if want := annotated(t, ed, FromBytes(ed, ToServer, data), false); got.String() != want {
			rt.Fatalf("got\n%s\nwant\n%s", &got, want)
		}
	})
}

func TestAnnotateLiveErrors(t *testing.T) {
	ed := edition(t, "2024a")
	broken := errors.New("broken")
	now := func() time.Duration { return 0 }
	register := encode(t, ed, sample{ToServer, &wire.Register{Name: "Alice"}})
	var out bytes.Buffer
	err := AnnotateLive(&out, ed, ToServer, io.MultiReader(bytes.NewReader(register[:100]), failing{broken}), now, AnnotateOptions{})
	if !errors.Is(err, broken) || !strings.Contains(out.String(), "100 of 278 bytes") {
		t.Errorf("error is %v after\n%s", err, &out)
	}
	if err := AnnotateLive(failing{broken}, ed, ToServer, bytes.NewReader(register), now, AnnotateOptions{}); !errors.Is(err, broken) {
		t.Errorf("error is %v", err)
	}
}
