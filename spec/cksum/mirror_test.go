package cksum

import (
	"bytes"
	"math/bits"
	"testing"
)

// Both ways to mirror, at every length around their steps and at odd addresses,
// and neither touches what lies behind.
func TestMirror(t *testing.T) {
	source := make([]byte, 300)
	for i := range source {
		source[i] = byte(i*i + i/7)
	}
	ways := map[string]func(dst, src []byte){"mirror": mirror, "mirrorWords": mirrorWords}
	for name, mirror := range ways {
		for length := range 200 {
			src := source[length%5:][:length]
			got, want := bytes.Repeat([]byte{0xaa}, length+40), bytes.Repeat([]byte{0xaa}, length+40)
			for i, b := range src {
				want[i] = bits.Reverse8(b)
			}
			if mirror(got[:length], src); !bytes.Equal(got, want) {
				t.Errorf("%s of %d bytes: %x, want %x", name, length, got, want)
			}
		}
	}
}
