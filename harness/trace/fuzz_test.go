package trace

import (
	"bytes"
	"io"
	"os"
	"testing"
	"time"

	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/wire"
)

// Bytes are shown while they come, whatever they are.
func FuzzAnnotateLive(f *testing.F) {
	ed := edition(f, "2024a")
	f.Add(byte(0), encode(f, ed, sample{ToServer, &wire.Register{Name: "Ada"}}))
	f.Add(byte(1), encode(f, ed, sample{ToClient, &wire.Registered{}}))
	f.Add(byte(0), bytes.Repeat([]byte{0xff}, 100))
	f.Fuzz(func(t *testing.T, dir byte, stream []byte) {
		now := func() time.Duration { return 0 }
		if err := AnnotateLive(io.Discard, ed, Direction(dir%2), bytes.NewReader(stream), now, AnnotateOptions{Full: true}); err != nil {
			t.Error(err)
		}
	})
}

// A capture is either refused or shown.
func FuzzAnnotateCapture(f *testing.F) {
	for _, name := range []string{"loopback.pcapng", "any.pcap"} {
		file, err := os.ReadFile("testdata/" + name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(file)
	}
	ed := edition(f, "2024a")
	f.Fuzz(func(_ *testing.T, capture []byte) {
		_ = AnnotateCapture(io.Discard, bytes.NewReader(capture), func(*Transcript) *spec.Edition { return ed }, AnnotateOptions{})
	})
}
