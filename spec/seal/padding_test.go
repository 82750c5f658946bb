package seal_test

import (
	"bytes"
	"errors"
	"fmt"
	"testing"

	"github.com/xferspec/xferspec/spec/seal"
)

// block returns 16 bytes that end in the given ones.
func block(tail ...byte) []byte {
	return append(bytes.Repeat([]byte{0xee}, 16-len(tail)), tail...)
}

func TestAllPaddings(t *testing.T) {
	key := sequence(32)
	d := newDecrypter(t, key)
	for n := 1; n <= 16; n++ {
		for _, before := range []int{0, 16, 48} {
			padded := append(sequence(before), block(bytes.Repeat([]byte{byte(n)}, n)...)...)
			got, err := d.Finish(d.Append(nil, standardBlocks(t, key, padded)))
			if err != nil {
				t.Errorf("padding of %d after %d bytes: %v", n, before, err)
			}
			if want := padded[:len(padded)-n]; !bytes.Equal(got, want) {
				t.Errorf("padding of %d after %d bytes: %x, want %x", n, before, got, want)
			}
		}
	}
}

// FIL-13: the last byte names no length of padding, or one of the bytes before it
// is another.
func TestWrongPaddings(t *testing.T) {
	tests := map[string][]byte{}
	for last := range 256 {
		if last == 0 || last > 16 {
			tests[fmt.Sprint("last byte ", last)] = bytes.Repeat([]byte{byte(last)}, 16)
		}
	}
	for n := 2; n <= 16; n++ {
		for at := 16 - n; at < 15; at++ {
			for _, wrong := range []byte{0, byte(n - 1), byte(n + 1), byte(n) ^ 0x80} {
				last := block(bytes.Repeat([]byte{byte(n)}, n)...)
				last[at] = wrong
				tests[fmt.Sprintf("padding of %d, byte %d is %d", n, at, wrong)] = last
			}
		}
	}
	key := sequence(32)
	d := newDecrypter(t, key)
	for name, last := range tests {
		ciphertext := standardBlocks(t, key, append(sequence(32), last...))
		dst := d.Append([]byte("kept"), ciphertext)
		got, err := d.Finish(dst)
		wantCiphertextError(t, name, err, seal.ErrPadding)
		if !bytes.Equal(got, append([]byte("kept"), sequence(32)...)) {
			t.Errorf("%s: dst is %x after the error", name, got)
		}
	}
}

// FIL-13: a ciphertext has whole blocks, and at least one.
func TestPartialBlocks(t *testing.T) {
	key := sequence(16)
	d := newDecrypter(t, key)
	whole := standardEncrypt(t, key, sequence(40))
	for length := range whole {
		_, err := d.Finish(d.Append(nil, whole[:length]))
		switch {
		case length == 0 || length%16 != 0:
			wantCiphertextError(t, fmt.Sprint(length, " bytes"), err, seal.ErrPartialBlock)
		default: // the plaintext bytes 0, 7, 14 … are no padding
			wantCiphertextError(t, fmt.Sprint(length, " bytes"), err, seal.ErrPadding)
		}
	}
}

// Finish begins the next file, whether the last one was good or bad.
func TestFinishStartsOver(t *testing.T) {
	key, plain := sequence(32), sequence(50)
	want := standardEncrypt(t, key, plain)
	e, d := newEncrypter(t, key), newDecrypter(t, key)
	for range 2 {
		if got := e.Finish(e.Append(nil, plain)); !bytes.Equal(got, want) {
			t.Errorf("ciphertext %x, want %x", got, want)
		}
		if got := must(t)(d.Finish(d.Append(nil, want))); !bytes.Equal(got, plain) {
			t.Errorf("plaintext %x, want %x", got, plain)
		}
		if _, err := d.Finish(d.Append(nil, want[:33])); err == nil {
			t.Error("33 bytes are accepted as a ciphertext")
		}
		if _, err := d.Finish(d.Append(nil, want[:32])); err == nil {
			t.Error("a ciphertext without its end is accepted")
		}
	}
}

func wantCiphertextError(t *testing.T, name string, err, cause error) {
	t.Helper()
	ciphertextErr, ok := errors.AsType[*seal.CiphertextError](err)
	if !ok {
		t.Fatalf("%s: error %v, want a CiphertextError", name, err)
	}
	if ciphertextErr.Clause != "FIL-13" || !errors.Is(err, cause) {
		t.Errorf("%s: error %v, want FIL-13: %v", name, err, cause)
	}
}
