package client

import (
	"bytes"
	"testing"
	"time"
)

func TestBar(t *testing.T) {
	var out bytes.Buffer
	now := time.Unix(0, 0)
	c := &console{out: &out, bars: true, now: func() time.Time { return now }}
	steps := []struct {
		after time.Duration
		bytes int
		want  string
	}{
		{400 * time.Millisecond, 100, ""},
		{200 * time.Millisecond, 200, "\rnotes.txt [=========                     ]  30% 0.0 MB/s "},
		{50 * time.Millisecond, 100, ""},
		{350 * time.Millisecond, 600, "\rnotes.txt [==============================] 100% 0.0 MB/s "},
	}
	b := c.startBar("notes.txt", 1000)
	for i, step := range steps {
		now = now.Add(step.after)
		out.Reset()
		b.advance(step.bytes)
		if out.String() != step.want {
			t.Errorf("step %d: %q, want %q", i, out.String(), step.want)
		}
	}
	out.Reset()
	b.clear()
	if out.String() != "\r\x1b[K" {
		t.Errorf("the bar is cleared by %q", out.String())
	}
	out.Reset()
	short := c.startBar("notes.txt", 1000)
	short.advance(1000)
	short.clear()
	newConsole(&out, false).startBar("notes.txt", 1000).advance(1000)
	if out.Len() > 0 {
		t.Errorf("a short transfer, or one not on a terminal, shows %q", out.String())
	}
}
