package wire

import (
	"errors"
	"io"
	"math"
	"runtime"
	"testing"

	"github.com/xferspec/xferspec/spec"
)

// replay is a stream that repeats some bytes for ever, or until the end.
type replay struct {
	bytes []byte
	pos   int
	left  int // bytes until the end; below 0 there is none
}

func (r *replay) Read(p []byte) (int, error) {
	if r.left == 0 {
		return 0, io.EOF
	}
	if r.left > 0 {
		p = p[:min(len(p), r.left)]
	}
	n := copy(p, r.bytes[r.pos:])
	r.pos = (r.pos + n) % len(r.bytes)
	r.left -= n
	return n, nil
}

// allocated returns the bytes that f allocates.
func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

func TestDeclaredSizeCostsNoMemory(t *testing.T) {
	const size, arrived, limit = math.MaxUint32, 1 << 20, 16 << 10
	ed := edition(t, "2024a")
	request := func(code uint16) []byte {
		return RequestHeader{Client: ada, Version: 3, Code: code, Size: size}.Append(nil)
	}
	response := func(code uint16) []byte { return ResponseHeader{Version: 3, Code: code, Size: size}.Append(nil) }
	for name, row := range map[string]struct {
		header  []byte
		request bool
	}{
		"file":             {request(1028), true},
		"register":         {request(1025), true},
		"unknown request":  {request(9), true},
		"key accepted":     {response(1602), false},
		"unknown response": {response(9), false},
	} {
		src := io.MultiReader(&replay{bytes: row.header, left: len(row.header)}, &replay{bytes: make([]byte, 4096), left: arrived})
		var err error
		bytes := allocated(func() {
			r := newReader(ed, row.request, src)
			_, _ = r.next()
			err = r.Discard()
		})
		if !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("%s: %v", name, err)
		}
		if bytes > limit {
			t.Errorf("%s: %d bytes allocated for %d declared and %d arrived, want at most %d", name, bytes, size, arrived, limit)
		}
	}
}

// packets is an endless stream of one packet of 1024 bytes.
func packets(t testing.TB, ed *spec.Edition) (stream io.Reader, size int) {
	t.Helper()
	packet := mustEncode(t, ed, &File{ContentSize: 1 << 20, Number: 1, Total: 1024, Name: "wire.txt", Content: make([]byte, 1024)})
	return &replay{bytes: packet, left: -1}, len(packet)
}

// readPacket reads a packet and its content as a server would.
func readPacket(t testing.TB, r *RequestReader) (content int) {
	if _, _, err := r.Next(); err != nil {
		t.Fatal(err)
	}
	for {
		piece, err := r.Content()
		if errors.Is(err, io.EOF) {
			return content
		}
		if err != nil {
			t.Fatal(err)
		}
		content += len(piece)
	}
}

func TestPacketsAreReadWithoutAllocation(t *testing.T) {
	for _, ed := range spec.Editions() {
		stream, _ := packets(t, ed)
		r := NewRequestReader(stream, ed, 4096)
		allocs := testing.AllocsPerRun(1, func() {
			for range 1000 {
				if n := readPacket(t, r); n != 1024 {
					t.Fatalf("%d bytes of content", n)
				}
			}
		})
		if allocs != 0 {
			t.Errorf("%s: %v allocations for 1000 packets", ed.Name, allocs)
		}
	}
}

func BenchmarkRequestReader(b *testing.B) {
	ed := edition(b, "2024a")
	stream, size := packets(b, ed)
	r := NewRequestReader(stream, ed, 64<<10)
	b.SetBytes(int64(size))
	b.ReportAllocs()
	for b.Loop() {
		readPacket(b, r)
	}
}

func BenchmarkAppendFileHead(b *testing.B) {
	ed := edition(b, "2024a")
	packet := &File{ContentSize: 1 << 20, Number: 1, Total: 1024, Name: "wire.txt"}
	var buf []byte
	b.ReportAllocs()
	for b.Loop() {
		var err error
		if buf, err = AppendFileHead(buf[:0], ed, ada, packet, 1024); err != nil {
			b.Fatal(err)
		}
	}
}
