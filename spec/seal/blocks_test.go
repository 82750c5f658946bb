package seal

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"fmt"
	"math/rand/v2"
	"testing"
)

// What begins a chain, here and in the standard library.
var directions = map[string]struct {
	standard func(cipher.Block, []byte) cipher.BlockMode
	ours     func(key []byte) func(cipher.Block, []byte) cipher.BlockMode
}{
	"encrypt": {cipher.NewCBCEncrypter, beginEncryption},
	"decrypt": {cipher.NewCBCDecrypter, beginDecryption},
}

// Both directions agree with the standard library, for every size of key and every
// number of blocks around their steps, as one chain in two pieces, in place and not,
// and do not touch what lies behind.
func TestBlocks(t *testing.T) {
	if !hasBlocks {
		t.Skip("this processor has no instructions for it")
	}
	random := rand.NewChaCha8([32]byte{1})
	for name, direction := range directions {
		for _, size := range []int{16, 24, 32} {
			t.Run(fmt.Sprint(name, size), func(t *testing.T) {
				for blocks := range 36 {
					key, iv, src := make([]byte, size), make([]byte, aes.BlockSize), make([]byte, blocks*aes.BlockSize)
					for _, b := range [][]byte{key, iv, src} {
						_, _ = random.Read(b)
					}
					block, err := aes.NewCipher(key)
					if err != nil {
						t.Fatal(err)
					}
					want := bytes.Repeat([]byte{0xaa}, len(src)+aes.BlockSize)
					got := bytes.Clone(want)
					direction.standard(block, iv).CryptBlocks(want, src)
					mode, first := direction.ours(key)(block, iv), blocks/3*aes.BlockSize
					mode.CryptBlocks(got, src[:first])
					copy(got[first:], src[first:])
					mode.CryptBlocks(got[first:], got[first:len(src)])
					if !bytes.Equal(got, want) {
						t.Fatalf("%d blocks: %x, want %x", blocks, got, want)
					}
				}
			})
		}
	}
}
