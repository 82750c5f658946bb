package fault

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"reflect"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"github.com/xferspec/xferspec/harness/trace"
	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/wire"
)

// TestEmptyPlanChangesNothing: whatever the bytes are, and each piece on its own.
func TestEmptyPlanChangesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		dir := rapid.SampledFrom([]trace.Direction{trace.ToServer, trace.ToClient}).Draw(t, "direction")
		var stream []byte
		for range rapid.IntRange(0, 4).Draw(t, "frames") {
			stream = append(stream, anyFrame(t, dir)...)
		}
		pieces := cut(t, append(stream, rapid.SliceOf(rapid.Byte()).Draw(t, "rest")...))
		o := new(outcome)
		f := newFlow(t.Context(), newProxy(&Plan{}, edition(spec.DefaultEdition), o), 1, dir, o, nil)
		for i, piece := range pieces {
			if err := f.feed(piece); err != nil {
				t.Fatal(err)
			}
			if len(o.writes) != i+1 || !bytes.Equal(o.writes[i], piece) {
				t.Fatalf("piece %d, %x, became %x", i, piece, o.writes[i:])
			}
		}
		if err := f.end(); err != nil || !o.ended || len(o.writes) != len(pieces) || len(o.changes()) != 0 {
			t.Fatalf("the end: %v, %+v", err, o)
		}
	})
}

// TestSegmentsMakeNoDifference: the same plan makes the same of the same bytes,
// in whatever pieces they arrive.
func TestSegmentsMakeNoDifference(t *testing.T) {
	plans := []*Plan{
		parsed(t, "faults: [{flip: {field: version}, where: {payload size: 255}}, {message: file, where: {packet number: 1}, flip: {field: content, bits: 9}}]"),
		parsed(t, "faults: [{message: file, where: {file name: a.txt}, swap: true}, {message: file, repeat: 1}, {message: file, split: 7}]"),
		parsed(t, "faults: [{occurrence: 2-3, drop: true}, {swap: true}, {occurrence: 5, cut: 30}]"),
		parsed(t, "faults: [{message: file, join: 2}, {message: register, set: {field: name, value: x}}, {message: file, occurrence: 4, half-close: true}]"),
		parsed(t, "faults: [{to: server, where: {payload size: 0}, swap: true}, {message: crc-ok, code: 1}, {occurrence: 6, reset: true}]"),
	}
	rapid.Check(t, func(rt *rapid.T) {
		plan := *rapid.SampledFrom(plans).Draw(rt, "plan")
		plan.Seed = rapid.Uint64().Draw(rt, "seed")
		var stream []byte
		for range rapid.IntRange(0, 8).Draw(rt, "frames") {
			stream = append(stream, anyFrame(rt, trace.ToServer)...)
		}
		stream = stream[:rapid.IntRange(0, len(stream)).Draw(rt, "length")]
		a := through(t, &plan, trace.ToServer, stream)
		b := through(t, &plan, trace.ToServer, cut(rt, stream)...)
		switch {
		case !bytes.Equal(a.bytes(), b.bytes()):
			rt.Fatalf("whole:     %x\nin pieces: %x", a.bytes(), b.bytes())
		case !reflect.DeepEqual(a.frames, b.frames) || !reflect.DeepEqual(a.notes, b.notes):
			rt.Fatalf("whole:     %+v %q\nin pieces: %+v %q", a.frames, a.notes, b.frames, b.notes)
		case a.ended != b.ended || !errors.Is(a.err, b.err):
			rt.Fatalf("whole: %v %v, in pieces: %v %v", a.ended, a.err, b.ended, b.err)
		}
	})
}

// anyFrame draws a frame: mostly of a message, sometimes of an unknown code, of a
// size that its code does not have, or with no sense at all.
func anyFrame(t *rapid.T, dir trace.Direction) []byte {
	ed := edition(spec.DefaultEdition)
	types := spec.RequestTypes()
	if dir == trace.ToClient {
		types = spec.ResponseTypes()
	}
	kind := rapid.SampledFrom(types).Draw(t, "message")
	code, _ := ed.Code(kind)
	size, open := wire.PayloadSize(ed, kind)
	if open {
		size += rapid.IntRange(0, 40).Draw(t, "content")
	}
	version := ed.Version
	switch rapid.IntRange(0, 19).Draw(t, "kind of frame") {
	case 0:
		code = 7
	case 1:
		size = rapid.IntRange(0, 300).Draw(t, "odd size")
	case 2:
		code, version = 7, 0
	}
	payload := make([]byte, size)
	if kind == spec.TypeFile && size > 30 {
		binary.LittleEndian.PutUint16(payload[8:], rapid.Uint16Range(1, 2).Draw(t, "packet"))
		copy(payload[12:], "a.txt")
	}
	if dir == trace.ToServer {
		return append(wire.RequestHeader{Client: testClient, Version: version, Code: code, Size: uint32(size)}.Append(nil), payload...)
	}
	return append(wire.ResponseHeader{Version: version, Code: code, Size: uint32(size)}.Append(nil), payload...)
}

// cut draws pieces of b, none of them empty.
func cut(t *rapid.T, b []byte) [][]byte {
	var pieces [][]byte
	for len(b) > 0 {
		n := rapid.IntRange(1, len(b)).Draw(t, "piece")
		pieces, b = append(pieces, b[:n]), b[n:]
	}
	return pieces
}

// TestFrames: what the observer is told of frames.
func TestFrames(t *testing.T) {
	plan := parsed(t, "faults: [{message: file, where: {packet number: 2}, set: {field: packet number, value: 9}}]")
	input := append(encode(t, &wire.Register{Name: "Ada"}, packet(2)), wire.RequestHeader{Version: 3, Code: 5}.Append(nil)...)
	o := through(t, plan, trace.ToServer, input)
	want := []Frame{
		{Conn: 1, Number: 1, Type: spec.TypeRegister, Code: 1025, Size: 278},
		{
			Conn: 1, Number: 2, Type: spec.TypeFile, Code: 1028, Size: 306, Content: 16, Packet: 2, Packets: 3,
			Changes: []Change{{
				Conn: 1, Frame: 2, Type: spec.TypeFile, Fault: 1, What: "set packet number",
				Field: "packet number", Offset: 31, Before: []byte{2, 0}, After: []byte{9, 0},
			}},
		},
		{Conn: 1, Number: 3, Code: 5, Size: 23},
	}
	if !reflect.DeepEqual(o.frames, want) {
		t.Errorf("got  %+v\nwant %+v", o.frames, want)
	}
}

// TestWhatPassesAtOnce: bytes are held only as long as a fault may be about them.
func TestWhatPassesAtOnce(t *testing.T) {
	first, second := encode(t, packet(1)), encode(t, packet(2))
	tests := []struct {
		name, fault string
		sent        int // of the first packet
		passed      int
	}{
		{"no fault in this direction", "{to: client, drop: true}", 10, 10},
		{"another message", "{message: login, drop: true}", 22, 0},
		{"another message, by the header", "{message: login, drop: true}", 23, 23},
		{"a field that is not there yet", "{message: file, where: {packet number: 2}, drop: true}", 32, 0},
		{"a field that is another", "{message: file, where: {packet number: 2}, drop: true}", 33, 33},
		{"a fault", "{message: file, where: {packet number: 1}, repeat: 1}", 305, 0},
		{"it is whole", "{message: file, where: {packet number: 1}, repeat: 1}", 306, 612},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			plan, o := parsed(t, "faults: ["+tt.fault+"]"), new(outcome)
			f := newFlow(t.Context(), newProxy(plan, plan.Edition, o), 1, trace.ToServer, o, nil)
			if err := f.feed(first[:tt.sent]); err != nil || len(o.bytes()) != tt.passed {
				t.Errorf("%d of %d bytes were passed on, not %d, %v", len(o.bytes()), tt.sent, tt.passed, err)
			}
		})
	}
	t.Run("all occurrences are over", func(t *testing.T) {
		plan, o := parsed(t, "faults: [{message: file, occurrence: 1, drop: true}]"), new(outcome)
		f := newFlow(t.Context(), newProxy(plan, plan.Edition, o), 1, trace.ToServer, o, nil)
		if err := f.feed(append(first, second[:5]...)); err != nil || !bytes.Equal(o.bytes(), second[:5]) {
			t.Errorf("passed on %x, %v", o.bytes(), err)
		}
	})
}

// TestWhatIsNoFrame passes unchanged, and the observer is told.
func TestWhatIsNoFrame(t *testing.T) {
	large := wire.RequestHeader{Version: 3, Code: 1028, Size: MaxFrame}.Append(nil)
	junk := bytes.Repeat([]byte{0xee}, 700)
	login, whole := encode(t, &wire.Login{Name: "Ada"}), encode(t, packet(1))
	const plan = "faults: [{message: login, swap: true}, {message: file, drop: true}]"
	tests := []struct {
		name  string
		input [][]byte
		want  [][]byte
		note  string
	}{
		{"out of step", [][]byte{junk, whole}, [][]byte{junk, whole}, "frame 1: no message begins here: version 238, code 61166, and edition 2024a has neither (FRM-4); all that follows is passed on as it is"},
		{"too large", [][]byte{large, whole}, [][]byte{large, whole}, "frame 1: it declares 83886103 bytes, more than 83886080; all that follows is passed on as it is"},
		{"after a frame that waits", [][]byte{login, junk}, [][]byte{login, junk}, "frame 2: no message begins here: "},
		{"the rest of a header", [][]byte{login, whole[:7]}, [][]byte{login, whole[:7]}, "ends inside frame 2, after 7 bytes"},
		{"the rest of a frame", [][]byte{whole[:305]}, [][]byte{whole[:305]}, "ends inside frame 1, after 305 bytes"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			o := through(t, parsed(t, plan), trace.ToServer, tt.input...)
			if !bytes.Equal(o.bytes(), bytes.Join(tt.want, nil)) || !o.ended || o.err != nil {
				t.Errorf("passed on %x, %v, %v", o.bytes(), o.ended, o.err)
			}
			if len(o.notes) != 1 || !strings.HasPrefix(o.notes[0], tt.note) {
				t.Errorf("notes %q", o.notes)
			}
		})
	}
}

// TestJoinDoesNotWaitForEver: half of what is to be joined has come, and the
// sender waits for an answer to it.
func TestJoinDoesNotWaitForEver(t *testing.T) {
	plan := parsed(t, "faults: [{message: error, join: 2}]")
	synctest.Test(t, func(t *testing.T) {
		near, far := net.Pipe()
		o := new(outcome)
		f := newFlow(t.Context(), newProxy(plan, plan.Edition, o), 1, trace.ToClient, o, far)
		ended := make(chan error)
		go func() { ended <- f.run() }()
		if _, err := near.Write(unhex(t, failure)); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		if len(o.bytes()) != 0 {
			t.Errorf("written at once: %x", o.bytes())
		}
		<-time.After(joinPatience + time.Millisecond)
		synctest.Wait()
		if !bytes.Equal(o.bytes(), unhex(t, failure)) {
			t.Errorf("written after the patience: %x", o.bytes())
		}
		_ = near.Close()
		if err := <-ended; err != nil || !o.ended {
			t.Errorf("the end: %v", err)
		}
	})
}

// TestHalfCloseReadsOn: what comes after the end is read, so that its sender is
// not held up, and goes nowhere.
func TestHalfCloseReadsOn(t *testing.T) {
	plan := parsed(t, "faults: [{message: thanks, cut: 3}]")
	near, far := net.Pipe()
	_ = near.SetDeadline(time.Now().Add(10 * time.Second))
	o := new(outcome)
	f := newFlow(t.Context(), newProxy(plan, plan.Edition, o), 1, trace.ToClient, o, far)
	ended := make(chan error, 1)
	go func() { ended <- f.run() }()
	for range 3 {
		if _, err := near.Write(unhex(t, thanks)); err != nil {
			t.Fatal(err)
		}
	}
	_ = near.Close()
	if err := <-ended; err != nil || !reflect.DeepEqual(words(o), []string{"034406", end}) {
		t.Errorf("got %q, %v", words(o), err)
	}
}

// TestViolation: a change of another field than the one that it is to be about is found.
func TestViolation(t *testing.T) {
	field := wire.Field{Name: "version", Kind: wire.KindUint, Offset: 1, Size: 2}
	before := []byte{0, 1, 2, 3}
	for _, after := range [][]byte{{9, 1, 2, 3}, {0, 1, 2, 9}, {0, 1, 2}, {0, 1, 2, 3, 4}} {
		if changes, err := diff(field, before, after); !errors.Is(err, errViolation) {
			t.Errorf("%v became %v: %+v, %v", before, after, changes, err)
		}
	}
	if changes, err := diff(field, before, []byte{0, 1, 9, 3}); err != nil || len(changes) != 1 || !bytes.Equal(changes[0].After, []byte{1, 9}) {
		t.Errorf("%+v, %v", changes, err)
	}
	if changes, err := diff(field, before, before); err != nil || len(changes) != 0 {
		t.Errorf("no change: %+v, %v", changes, err)
	}
}

// TestFlipHitsEveryBit: no bit is out of reach, and no two flips are the same bit.
func TestFlipHitsEveryBit(t *testing.T) {
	random := rand.NewChaCha8([32]byte{})
	hit := make([]byte, 8)
	for range 400 {
		field := make([]byte, 8)
		flip(3)(field, random)
		bits := 0
		for i, b := range field {
			hit[i] |= b
			for ; b != 0; b &= b - 1 {
				bits++
			}
		}
		if bits != 3 {
			t.Fatalf("%x has %d bits", field, bits)
		}
	}
	if !bytes.Equal(hit, bytes.Repeat([]byte{0xff}, 8)) {
		t.Errorf("hit %x", hit)
	}
}

// BenchmarkFlow passes on packets of 1 KiB that no fault is about.
func BenchmarkFlow(b *testing.B) {
	for _, fault := range []string{"{to: client, drop: true}", "{message: login, drop: true}", "{message: file, flip: {field: content}}"} {
		b.Run(fault, func(b *testing.B) {
			plan, err := ParsePlan("plan.yaml", []byte(fmt.Sprintf("faults: [%s]", fault)))
			if err != nil {
				b.Fatal(err)
			}
			m := packet(1)
			m.Content = make([]byte, 1024)
			input := bytes.Repeat(encode(b, m), 48)
			b.SetBytes(int64(len(input)))
			p := &proxy{ed: plan.Edition, plan: plan, seen: make([]int, len(plan.Faults))}
			f := newFlow(b.Context(), p, 1, trace.ToServer, nowhere{io.Discard}, nil)
			for b.Loop() {
				if err := f.feed(input); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

type nowhere struct{ io.Writer }

func (nowhere) CloseWrite() error { return os.ErrClosed }
