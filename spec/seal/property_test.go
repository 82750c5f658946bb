package seal_test

import (
	"bytes"
	"testing"

	"github.com/xferspec/xferspec/spec/seal"
	"pgregory.net/rapid"
)

// aesKey draws a key of an edition's length.
func aesKey(t *rapid.T) []byte {
	size := rapid.SampledFrom([]int{16, 32}).Draw(t, "key size")
	return rapid.SliceOfN(rapid.Byte(), size, size).Draw(t, "key")
}

// cut draws a way to cut data into chunks, some of them empty.
func cut(t *rapid.T, data []byte) (chunks [][]byte) {
	for len(data) > 0 {
		n := min(rapid.IntRange(0, 70).Draw(t, "chunk size"), len(data))
		chunks = append(chunks, data[:n])
		data = data[n:]
	}
	return chunks
}

// FIL-4: however the file is cut, its ciphertext is that of the whole, and all
// blocks that are complete come out at once.
func TestEncryptInChunks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		key := aesKey(t)
		plain := rapid.SliceOfN(rapid.Byte(), 0, 500).Draw(t, "plain")
		e, err := seal.NewEncrypter(key)
		if err != nil {
			t.Fatal(err)
		}
		var got []byte
		read := 0
		for _, chunk := range cut(t, plain) {
			got = e.Append(got, chunk)
			read += len(chunk)
			if want := read &^ 15; len(got) != want {
				t.Fatalf("after %d bytes %d came out, want %d", read, len(got), want)
			}
		}
		got = e.Finish(got)
		if want := standardEncrypt(t, key, plain); !bytes.Equal(got, want) {
			t.Fatalf("in chunks %x, at once %x", got, want)
		}
	})
}

// FIL-4: likewise back. The last block waits, as it may be padding, and no other.
func TestDecryptInChunks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		key := aesKey(t)
		plain := rapid.SliceOfN(rapid.Byte(), 0, 500).Draw(t, "plain")
		ciphertext := standardEncrypt(t, key, plain)
		d, err := seal.NewDecrypter(key)
		if err != nil {
			t.Fatal(err)
		}
		var got []byte
		read := 0
		for _, chunk := range cut(t, ciphertext) {
			got = d.Append(got, chunk)
			read += len(chunk)
			if want := max(read-1, 0) &^ 15; len(got) != want {
				t.Fatalf("after %d bytes %d came out, want %d", read, len(got), want)
			}
		}
		got, err = d.Finish(got)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, plain) {
			t.Fatalf("decrypted to %x, want %x", got, plain)
		}
	})
}
