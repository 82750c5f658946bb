package client

import (
	"bytes"
	"testing"

	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/wire"
)

// However the file is cut into chunks, the frames are the same.
func TestPackerTakesAnyChunks(t *testing.T) {
	file := &outgoing{name: "notes.txt", size: 5000}
	plain := bytes.Repeat([]byte("0123456789"), 500)
	for _, edition := range spec.Editions() {
		var want []byte
		for _, chunk := range []int{5000, 1, 7, 1000, 1024, 4096} {
			p, err := newPacker(edition, wire.ID{1}, file, make([]byte, edition.KeySize()))
			if err != nil {
				t.Fatal(err)
			}
			var got []byte
			for at := 0; at < len(plain); at += chunk {
				end := min(at+chunk, len(plain))
				got = p.append(got, plain[at:end], end == len(plain))
			}
			if want == nil {
				want = got
			}
			if !bytes.Equal(got, want) {
				t.Errorf("%s: chunks of %d bytes make other frames", edition.Name, chunk)
			}
		}
	}
}

func TestPackingDoesNotAllocate(t *testing.T) {
	edition := defaultEdition(t)
	const size = 60 << 20
	p, err := newPacker(edition, wire.ID{}, &outgoing{name: "notes.txt", size: size}, make([]byte, edition.KeySize()))
	if err != nil {
		t.Fatal(err)
	}
	var b buffers
	b.allocate(size)
	if n := testing.AllocsPerRun(10, func() { b.frames[0] = p.append(b.frames[0][:0], b.plain[0], false) }); n > 0 {
		t.Errorf("%v allocations for a chunk of the file", n)
	}
}
