package seal_test

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"strings"
	"testing"

	"github.com/xferspec/xferspec/spec/seal"
)

func newEncrypter(t testing.TB, key []byte) *seal.Encrypter {
	t.Helper()
	e, err := seal.NewEncrypter(key)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func newDecrypter(t testing.TB, key []byte) *seal.Decrypter {
	t.Helper()
	d, err := seal.NewDecrypter(key)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// FIL-4: every length around the first two block boundaries, against openssl.
func TestAgreesWithOpenssl(t *testing.T) {
	for _, size := range []int{16, 32} {
		key := sequence(size)
		enc := []string{"enc", fmt.Sprintf("-aes-%d-cbc", size*8), "-K", hex.EncodeToString(key), "-iv", strings.Repeat("00", 16)}
		t.Run(enc[1][1:], func(t *testing.T) {
			e, d := newEncrypter(t, key), newDecrypter(t, key)
			for length := range 34 {
				plain := sequence(length)
				ciphertext := e.Finish(e.Append(nil, plain))
				if want := openssl(t, plain, enc...); !bytes.Equal(ciphertext, want) {
					t.Errorf("%d bytes: ciphertext %x, openssl says %x", length, ciphertext, want)
				}
				if got := openssl(t, ciphertext, append(enc, "-d")...); !bytes.Equal(got, plain) {
					t.Errorf("%d bytes: openssl decrypts to %x", length, got)
				}
				if got := must(t)(d.Finish(d.Append(nil, ciphertext))); !bytes.Equal(got, plain) {
					t.Errorf("%d bytes: decrypted to %x", length, got)
				}
			}
		})
	}
}

// A reader that never saw this package decrypts a file of many chunks.
func TestOpensslDecryptsALongFile(t *testing.T) {
	key, plain := sequence(32), sequence(1_000_003)
	e := newEncrypter(t, key)
	var ciphertext []byte
	for rest := plain; len(rest) > 0; {
		n := min(4093, len(rest))
		ciphertext = e.Append(ciphertext, rest[:n])
		rest = rest[n:]
	}
	ciphertext = e.Finish(ciphertext)
	got := openssl(t, ciphertext, "enc", "-d", "-aes-256-cbc", "-K", hex.EncodeToString(key), "-iv", strings.Repeat("00", 16))
	if !bytes.Equal(got, plain) {
		t.Error("openssl decrypts to something else")
	}
}

// FIL-3: the content size follows from the original size.
func TestCiphertextSize(t *testing.T) {
	tests := []struct{ plain, want int64 }{
		{0, 16}, {1, 16}, {15, 16}, {16, 32}, {17, 32}, {31, 32}, {32, 48},
		{1007, 1008}, {1008, 1024}, {1023, 1024}, {1024, 1040},
		{67_107_839, 67_107_840}, {67_107_840, 67_107_856}, {1<<32 - 1, 1 << 32},
	}
	for _, tt := range tests {
		if got := seal.CiphertextSize(tt.plain); got != tt.want {
			t.Errorf("CiphertextSize(%d) = %d, want %d", tt.plain, got, tt.want)
		}
	}
	e := newEncrypter(t, sequence(16))
	for length := range 50 {
		got := int64(len(e.Finish(e.Append(nil, sequence(length)))))
		if want := seal.CiphertextSize(int64(length)); got != want {
			t.Errorf("%d bytes encrypt to %d, CiphertextSize says %d", length, got, want)
		}
	}
}

func TestWrongKeySizes(t *testing.T) {
	for _, size := range []int{0, 1, 15, 17, 31, 33, 64} {
		_, err := seal.NewEncrypter(make([]byte, size))
		wantKeyError(t, err, "KEY-3")
		_, err = seal.NewDecrypter(make([]byte, size))
		wantKeyError(t, err, "KEY-3")
	}
}

// What stands in dst stays, and the input is only read.
func TestAppendKeepsWhatIsThere(t *testing.T) {
	key, plain := sequence(32), sequence(100)
	e, d := newEncrypter(t, key), newDecrypter(t, key)
	sealed := e.Finish(e.Append([]byte("head"), plain))
	if want := append([]byte("head"), standardEncrypt(t, key, plain)...); !bytes.Equal(sealed, want) {
		t.Errorf("sealed %x, want %x", sealed, want)
	}
	opened := must(t)(d.Finish(d.Append([]byte("tail"), sealed[4:])))
	if want := append([]byte("tail"), sequence(100)...); !bytes.Equal(opened, want) {
		t.Errorf("opened %x, want %x", opened, want)
	}
	if !bytes.Equal(plain, sequence(100)) || !bytes.Equal(sealed[4:], standardEncrypt(t, key, plain)) {
		t.Error("the input was changed")
	}
}

// A buffer as long as the chunk, rounded up to whole blocks, is enough.
func TestAppendAllocatesNothing(t *testing.T) {
	e, d := newEncrypter(t, sequence(32)), newDecrypter(t, sequence(32))
	chunk, out := make([]byte, 64<<10), make([]byte, 0, 64<<10)
	aligned := testing.AllocsPerRun(10, func() {
		e.Append(out, chunk)
		d.Append(out, chunk)
	})
	small := make([]byte, 0, 1024)
	odd := testing.AllocsPerRun(50, func() {
		e.Append(small, chunk[:1023])
		d.Append(small, chunk[:1023])
	})
	if aligned != 0 || odd != 0 {
		t.Errorf("%v allocations for aligned chunks, %v for odd ones, want none", aligned, odd)
	}
}
