package cksum_test

import (
	"testing"

	"github.com/xferspec/xferspec/spec/cksum"
	"pgregory.net/rapid"
)

// CRC-1: however the data is cut, the checksum is that of the whole.
func TestChunkingDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		chunks := rapid.SliceOfN(rapid.SliceOfN(rapid.Byte(), 0, 2500), 0, 8).Draw(t, "chunks")
		d := newDigest()
		var whole []byte
		for i, chunk := range chunks {
			d.Write(chunk)
			whole = append(whole, chunk...)
			if got, want := d.Sum32(), tableSum(whole); got != want {
				t.Fatalf("after chunk %d, %d bytes in all: %d, want %d", i, len(whole), got, want)
			}
		}
		if got, want := d.Sum32(), cksum.Sum(whole); got != want {
			t.Fatalf("in %d chunks %d, in one %d", len(chunks), got, want)
		}
	})
}

func FuzzSum(f *testing.F) {
	f.Add([]byte(nil), uint16(0))
	f.Add([]byte("123456789"), uint16(4))
	f.Add(make([]byte, 257), uint16(256))
	f.Add(make([]byte, 3000), uint16(1025))
	f.Fuzz(func(t *testing.T, data []byte, cut uint16) {
		want := tableSum(data)
		if got := cksum.Sum(data); got != want {
			t.Errorf("Sum = %d, want %d", got, want)
		}
		at := min(int(cut), len(data))
		d := newDigest()
		d.Write(data[:at])
		d.Write(data[at:])
		if got := d.Sum32(); got != want {
			t.Errorf("cut at %d: %d, want %d", at, got, want)
		}
	})
}
