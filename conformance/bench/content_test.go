package bench

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"testing"

	"github.com/xferspec/xferspec/harness/peer"
	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/cksum"
	"github.com/xferspec/xferspec/spec/wire"
)

// What goes out are packets as FIL-1 to FIL-6 want them.
func TestFrames(t *testing.T) {
	sizes := []int64{1, 15, 16, 1007, 1008, 1023, 1024, 1040, 70_000}
	contents := newContents(sizes)
	key := bytes.Repeat([]byte{7}, 32)
	for _, ed := range spec.Editions() {
		for _, size := range sizes {
			t.Run(fmt.Sprint(ed.Name, "/", size), func(t *testing.T) {
				c := contents[size]
				f, err := newFrames(ed, wire.ID{1}, key[:ed.KeySize()], c)
				if err != nil {
					t.Fatal(err)
				}
				name := f.rename(123)
				plain, err := peer.Decrypt(key[:ed.KeySize()], received(t, ed, f, name))
				if err != nil || !bytes.Equal(plain, c.plain) || f.cksum != cksum.Sum(plain) || int64(len(plain)) != size {
					t.Errorf("another file comes out, %v", err)
				}
			})
		}
	}
}

// received takes packets apart and returns their contents.
func received(t *testing.T, ed *spec.Edition, f *frames, name string) (all []byte) {
	t.Helper()
	in := wire.NewRequestReader(bytes.NewReader(f.bytes), ed, 0)
	for n := uint16(1); ; n++ {
		header, m, err := in.Next()
		if errors.Is(err, io.EOF) {
			return all
		}
		file, ok := m.(*wire.File)
		if err != nil || !ok || header.Client != (wire.ID{1}) || file.Name != name || file.ContentSize != f.size || ed.PacketFields && int(file.OriginalSize) != f.plain {
			t.Fatalf("packet %d: %+v %+v, %v", n, header, m, err)
		}
		if ed.PacketFields && file.Number != n {
			t.Errorf("packet %d has the number %d", n, file.Number)
		}
		length := 0
		for in.Left() > 0 {
			piece, err := in.Content()
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, piece...)
			length += len(piece)
		}
		if length == 0 || ed.PacketFields && n < file.Total && length != 1024 {
			t.Errorf("packet %d of %d has %d bytes", n, file.Total, length)
		}
	}
}

func TestLargestFile(t *testing.T) {
	ed, err := spec.LookupEdition(spec.DefaultEdition)
	if err != nil {
		t.Fatal(err)
	}
	if got := LargestFile(ed); got != 67_107_839 {
		t.Errorf("%d", got)
	}
}
