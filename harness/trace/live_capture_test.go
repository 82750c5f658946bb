package trace

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/xferspec/xferspec/spec"
)

// two conversations at the same time, the second one of another edition.
func twoConversations(t testing.TB) []*Transcript {
	first, second := recorded(t, edition(t, "2024a")), recorded(t, edition(t, "2022c"))
	second.Client = "127.0.0.1:40113"
	for i := range second.Events {
		second.Events[i].At += 50 * time.Microsecond
	}
	return []*Transcript{first, second}
}

// entriesOf cuts what was printed into headings, entries and what is beneath them.
func entriesOf(text string) map[string]int {
	count := map[string]int{}
	for part := range strings.SplitSeq(text, "\n\n") {
		count[strings.TrimSpace(part)]++
	}
	return count
}

// TestAnnotateCapture: what is printed live is what Annotate prints of the file.
func TestAnnotateCapture(t *testing.T) {
	all := twoConversations(t)
	file := captureOf(t, all)
	var got bytes.Buffer
	check(t, AnnotateCapture(&got, io.MultiReader(oneByOne(file)...), editionOf, AnnotateOptions{}))
	live := entriesOf(got.String())
	for _, tr := range all {
		_, entries, _ := strings.Cut(annotated(t, editionOf(tr), tr, false), "\n\n")
		for entry, n := range entriesOf(entries) {
			if live[entry] < n {
				t.Errorf("%s is missing", entry)
			}
		}
	}
	for _, want := range []string{
		"connection 1\nedition 2024a, client 127.0.0.1:40112, server 127.0.0.1:1256, began 2026-03-01T12:00:00Z\n\n> 1025",
		"\n\nconnection 2\nedition 2022c, client 127.0.0.1:40113, server 127.0.0.1:1256, began 2026-03-01T12:00:00Z\n\n> 1100",
		"\n\nconnection 1\nclient 127.0.0.1:40112, server 127.0.0.1:1256\n\n< 1600",
	} {
		if !strings.Contains(got.String(), want) {
			t.Errorf("%q is missing", want)
		}
	}
	if t.Failed() {
		t.Log("\n" + got.String())
	}
}

// oneByOne returns a reader for each 10 bytes.
func oneByOne(b []byte) []io.Reader {
	var pieces []io.Reader
	for ; len(b) > 10; b = b[10:] {
		pieces = append(pieces, bytes.NewReader(b[:10]))
	}
	return append(pieces, bytes.NewReader(b))
}

// TestAnnotateCaptureWhileItComes: a message is there before the next packet.
func TestAnnotateCaptureWhileItComes(t *testing.T) {
	file := captureOf(t, twoConversations(t)[:1])
	in, feed := io.Pipe()
	shown, out := io.Pipe()
	done := make(chan error, 1)
	go func() {
		err := AnnotateCapture(out, in, editionOf, AnnotateOptions{})
		done <- errors.Join(err, out.Close())
	}()
	begin, rest := bytes.Index(file, []byte("Alice"))+300, file // after the packet, before the answer
	go func(b []byte) { _, _ = feed.Write(b) }(rest[:begin])
	rest = rest[begin:]
	var got []byte
	for one := make([]byte, 1); !strings.Contains(string(got), `"Alice"`); got = append(got, one...) {
		_, err := shown.Read(one)
		check(t, err)
	}
	go func() {
		_, _ = feed.Write(rest)
		_ = feed.Close()
	}()
	_, err := io.Copy(io.Discard, shown)
	check(t, errors.Join(err, <-done))
}

func TestAnnotateCaptureChooses(t *testing.T) {
	var got bytes.Buffer
	choose := func(tr *Transcript) *spec.Edition {
		if tr.Client == "127.0.0.1:40112" {
			return nil
		}
		return editionOf(tr)
	}
	check(t, AnnotateCapture(&got, bytes.NewReader(captureOf(t, twoConversations(t))), choose, AnnotateOptions{}))
	if strings.Contains(got.String(), "2024a") || !strings.Contains(got.String(), "connection 2\nedition 2022c") {
		t.Errorf("got\n%s", &got)
	}
}

// TestAnnotateCaptureEnds in the middle of a message, and of a packet.
func TestAnnotateCaptureEnds(t *testing.T) {
	tr := recorded(t, edition(t, "2024a"))
	tr.Events = []Event{{Dir: ToServer, Data: tr.Events[0].Data[:100]}}
	file := captureOf(t, []*Transcript{tr})
	var got bytes.Buffer
	check(t, AnnotateCapture(&got, bytes.NewReader(file), editionOf, AnnotateOptions{}))
	if !strings.Contains(got.String(), "100 of 278 bytes") {
		t.Errorf("got\n%s", &got)
	}
	err := AnnotateCapture(&got, bytes.NewReader(file[:len(file)-30]), editionOf, AnnotateOptions{})
	if !errors.Is(err, io.ErrUnexpectedEOF) || !strings.Contains(err.Error(), "packet 5: ") {
		t.Errorf("error is %v", err)
	}
	if err := AnnotateCapture(&got, strings.NewReader("hello"), editionOf, AnnotateOptions{}); err == nil || !strings.Contains(err.Error(), "not a capture") {
		t.Errorf("error is %v", err)
	}
	broken := errors.New("broken")
	if err := AnnotateCapture(failing{broken}, bytes.NewReader(file), editionOf, AnnotateOptions{}); !errors.Is(err, broken) {
		t.Errorf("error is %v", err)
	}
}

// TestAnnotateCaptureForgets: what was printed does not count against the bounds.
func TestAnnotateCaptureForgets(t *testing.T) {
	a := assembler{limits: captureLimits{connections: 1, kept: 2000}, flows: map[flow]*captured{}}
	tr := &Transcript{Events: []Event{{Dir: ToServer, Data: make([]byte, 10000)}}}
	sum := 0
	for _, p := range packets(t, captureOf(t, []*Transcript{tr})) {
		c, err := a.packet(p)
		check(t, err)
		for _, e := range a.take(c) {
			sum += len(e.Data)
		}
	}
	if sum != 10000 || a.kept != 0 {
		t.Errorf("%d bytes, %d kept", sum, a.kept)
	}
}
