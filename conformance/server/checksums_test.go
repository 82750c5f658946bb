package server

import (
	"testing"

	"github.com/xferspec/xferspec/spec/cksum"
)

// The check values of the published catalogues of checksums, all of the same nine bytes.
func TestOtherSums(t *testing.T) {
	digits := []byte("123456789")
	cipher := []byte("the ciphertext of those digits..")
	known := map[string]uint32{
		"zlib's CRC-32 of the file":                                      0xcbf43926,
		"zlib's CRC-32 of the file with its bytes in the opposite order": 0x2639f4cb,
		"the right one with its bytes in the opposite order":             0x11607a37,
		"the cksum without the length at its end":                        0x765e7680,
		"zlib's Adler-32 of the file":                                    0x091e01de,
	}
	seen := map[uint32]string{cksum.Sum(digits): "the right one"}
	for _, other := range otherSums {
		got := other.sum(digits, cipher)
		if want, ok := known[other.name]; ok && got != want {
			t.Errorf("%s: %#x, want %#x", other.name, got, want)
		}
		delete(known, other.name)
		if seen[got] != "" {
			t.Errorf("%s is the same as %s", other.name, seen[got])
		}
		seen[got] = other.name
	}
	for name := range known {
		t.Errorf("%s is not among them", name)
	}
}
