package trace

import (
	"bytes"
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/wire"
	"pgregory.net/rapid"
)

func TestFramesOfEveryEdition(t *testing.T) {
	for _, ed := range spec.Editions() {
		t.Run(ed.Name, func(t *testing.T) {
			messages := conversation(ed)
			tr := recorded(t, ed)
			frames := tr.Frames(ed)
			if len(frames) != len(messages) {
				t.Fatalf("%d frames of %d messages", len(frames), len(messages))
			}
			var offset [2]int64
			for i, f := range frames {
				want := messages[i]
				if f.Err != nil || f.Dir != want.dir || f.Type != want.m.Type() || f.At != tr.Events[i].At || f.Offset != offset[f.Dir] {
					t.Errorf("frame %d: %s %s at %s from byte %d, %v", i, f.Dir, f.Type, f.At, f.Offset, f.Err)
				}
				if f.Type != spec.TypeThanks && !reflect.DeepEqual(f.Message, want.m) { // thanks may travel without its id
					t.Errorf("frame %d, %s, does not hold the message that was sent", i, f.Type)
				}
				offset[f.Dir] += int64(len(f.Bytes))
			}
		})
	}
}

func TestFramesBeyondTheLimit(t *testing.T) {
	ed := edition(t, "2024a")
	whole := encode(t, ed, sample{ToServer, &wire.Register{Name: "Alice"}})
	for _, size := range []int{10, 100} {
		tr := FromBytes(ed, ToServer, append(bytes.Clone(whole), whole[:size]...))
		tr.Events = append(tr.Events, Event{Dir: ToServer, Kind: Cut})
		frames := tr.Frames(ed)
		if len(frames) != 2 || frames[0].Err != nil || !errors.Is(frames[1].Err, ErrNotRecorded) {
			t.Errorf("%d bytes into the second message: %+v", size, frames)
		}
	}
}

func TestFramesOutOfStep(t *testing.T) {
	ed := edition(t, "2024a")
	// A sender that declares 2 bytes for a payload of 16, as some do.
	lying := encode(t, ed, sample{ToClient, &wire.Registered{Client: testClient}})
	lying[3] = 2
	after := encode(t, ed, sample{ToClient, &wire.Thanks{Client: testClient}})
	frames := FromBytes(ed, ToClient, append(lying, after...)).Frames(ed)
	if len(frames) != 2 {
		t.Fatalf("%d frames", len(frames))
	}
	var broken *wire.Error
	if f := frames[0]; len(f.Bytes) != 9 || !errors.As(f.Err, &broken) || broken.Field != "payload size" {
		t.Errorf("first frame: %+v", f)
	}
	last := frames[1]
	if !errors.Is(last.Err, ErrOutOfStep) || !errors.As(last.Err, &broken) || broken.Clause != "FRM-4" || len(last.Bytes) != 14+len(after) {
		t.Errorf("second frame: %+v", last)
	}
}

// TestSegmentationDoesNotMatter cuts conversations anywhere (FRM-5).
func TestSegmentationDoesNotMatter(t *testing.T) {
	editions := spec.Editions()
	rapid.Check(t, func(rt *rapid.T) {
		ed := rapid.SampledFrom(editions).Draw(rt, "edition")
		whole := recorded(t, ed)
		var bytesOf [2][]byte
		for _, e := range whole.Events {
			bytesOf[e.Dir] = append(bytesOf[e.Dir], e.Data...)
		}
		if rapid.Bool().Draw(rt, "damaged") {
			i := rapid.IntRange(0, len(bytesOf[ToServer])-1).Draw(rt, "place")
			bytesOf[ToServer][i] ^= 0xff
		}
		joined, pieces := &Transcript{}, &Transcript{}
		for dir, data := range bytesOf {
			joined.Events = append(joined.Events, Event{Dir: Direction(dir), Data: data})
		}
		for at := time.Duration(0); len(bytesOf[0])+len(bytesOf[1]) > 0; at++ {
			dir := rapid.SampledFrom(directions[:]).Draw(rt, "dir")
			n := min(len(bytesOf[dir]), rapid.IntRange(1, 1500).Draw(rt, "n"))
			if n > 0 {
				pieces.Events = append(pieces.Events, Event{At: at, Dir: dir, Data: bytesOf[dir][:n]})
				bytesOf[dir] = bytesOf[dir][n:]
			}
		}
		for _, dir := range directions {
			want, got := timeless(joined.Frames(ed), dir), timeless(pieces.Frames(ed), dir)
			if !reflect.DeepEqual(got, want) {
				rt.Fatalf("direction %s: %d frames in pieces, %d whole, or others", dir, len(got), len(want))
			}
		}
	})
}

// timeless returns the frames of one direction without what depends on time.
func timeless(frames []Frame, dir Direction) []Frame {
	var kept []Frame
	for _, f := range frames {
		if f.At, f.event = 0, 0; f.Dir == dir {
			kept = append(kept, f)
		}
	}
	return kept
}

func FuzzFrames(f *testing.F) {
	editions := spec.Editions()
	for i, ed := range editions {
		var toServer, toClient []byte
		for _, s := range conversation(ed) {
			if s.dir == ToServer {
				toServer = append(toServer, encode(f, ed, s)...)
			} else {
				toClient = append(toClient, encode(f, ed, s)...)
			}
		}
		f.Add(toServer, toClient, uint8(i), uint16(100))
	}
	f.Add([]byte("GET / HTTP/1.1\r\n\r\n\x1b[2J        "), []byte{3, 0x40, 6, 0xff, 0xff, 0xff, 0xff}, uint8(3), uint16(1))
	f.Fuzz(func(t *testing.T, toServer, toClient []byte, which uint8, segment uint16) {
		ed := editions[int(which)%len(editions)]
		sent := [2][]byte{toServer, toClient}
		tr := &Transcript{Edition: ed.Name}
		for left := sent; len(left[0])+len(left[1]) > 0; {
			for _, dir := range directions {
				n := min(len(left[dir]), int(segment)+1)
				tr.Events = append(tr.Events, Event{Dir: dir, Data: left[dir][:n]})
				left[dir] = left[dir][n:]
			}
		}
		var joined [2][]byte
		for _, frame := range tr.Frames(ed) {
			if len(frame.Bytes) == 0 || (frame.Message == nil) == (frame.Err == nil) {
				t.Fatalf("frame %+v", frame)
			}
			joined[frame.Dir] = append(joined[frame.Dir], frame.Bytes...)
		}
		for _, dir := range directions {
			if !bytes.Equal(joined[dir], sent[dir]) {
				t.Fatalf("the frames of direction %s hold %x, sent was %x", dir, joined[dir], sent[dir])
			}
		}
		printed := strings.ReplaceAll(annotated(t, ed, tr, segment%2 == 0), "…", "")
		if i := strings.IndexFunc(printed, unprintable); i >= 0 {
			t.Fatalf("%q is printed", printed[i:i+1])
		}
	})
}

// unprintable says whether a character has no place in an annotation, which
// otherwise only has an ellipsis that is not ASCII.
func unprintable(r rune) bool { return r != '\n' && (r < ' ' || r > '~') }
