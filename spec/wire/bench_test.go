package wire_test

import (
	"bytes"
	"testing"

	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/wire"
)

// BenchmarkPacket takes packets of a file from a stream in memory, content
// included: an operation is a packet. "copy" is what it takes to copy the bytes of
// a packet, which is all that must be done with them.
func BenchmarkPacket(b *testing.B) {
	const packets = 1000
	ed, err := spec.LookupEdition("2024a")
	if err != nil {
		b.Fatal(err)
	}
	m := wire.File{ContentSize: packets * 1024, OriginalSize: packets*1024 - 1, Total: packets, Name: "holiday.jpg"}
	m.Content = bytes.Repeat([]byte{0x5a}, 1024)
	var data []byte
	for m.Number = 1; m.Number <= packets; m.Number++ {
		if data, err = wire.AppendRequest(data, ed, wire.ID{1, 2, 3}, &m); err != nil {
			b.Fatal(err)
		}
	}
	size := len(data) / packets

	b.Run("read", func(b *testing.B) {
		source := bytes.NewReader(nil)
		r := wire.NewRequestReader(source, ed, 64<<10)
		b.SetBytes(int64(size))
		b.ReportAllocs()
		for i := 0; b.Loop(); i++ {
			if i%packets == 0 {
				source.Reset(data)
			}
			if _, _, err := r.Next(); err != nil {
				b.Fatal(err)
			}
			for r.Left() > 0 {
				if _, err := r.Content(); err != nil {
					b.Fatal(err)
				}
			}
		}
	})
	b.Run("copy", func(b *testing.B) {
		buffer := make([]byte, 64<<10)
		b.SetBytes(int64(size))
		for i := 0; b.Loop(); i++ {
			at := i % packets * size
			copy(buffer[at%(len(buffer)-size):], data[at:at+size])
		}
	})
}
