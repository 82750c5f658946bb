package seal

import (
	"crypto/aes"
	"crypto/cipher"
	"encoding/binary"
	"math/bits"

	"golang.org/x/sys/cpu"
)

// hasUnchainer says whether the processor has the instructions for an unchainer.
var hasUnchainer = cpu.X86.HasAES && cpu.X86.HasSSE41

// unchainer is CBC decryption with eight blocks in the processor at a time. An AES
// instruction takes some four cycles, and several can begin in each, but one block
// alone, which is what crypto/aes decrypts at a time, leaves most of that idle: the
// unchainer is four times as fast. Nothing of the kind helps to encrypt, where each
// block waits for the one before.
type unchainer struct {
	keys   []byte // of the rounds, in the order of decryption
	rounds int
	last   [aes.BlockSize]byte // the last block of ciphertext
}

// newUnchainer returns what begins a chain under a key of 16, 24 or 32 bytes.
func newUnchainer(key []byte) func(cipher.Block, []byte) cipher.BlockMode {
	keys, rounds := decryptionKeys(key)
	return func(_ cipher.Block, iv []byte) cipher.BlockMode {
		return &unchainer{keys: keys, rounds: rounds, last: [aes.BlockSize]byte(iv)}
	}
}

// BlockSize returns 16.
func (*unchainer) BlockSize() int { return aes.BlockSize }

// CryptBlocks decrypts whole blocks, in place or to memory that does not overlap.
func (u *unchainer) CryptBlocks(dst, src []byte) {
	if len(src) == 0 {
		return
	}
	_ = dst[len(src)-1]
	decryptBlocks(&u.keys[0], u.rounds, &dst[0], &src[0], &u.last, len(src)/aes.BlockSize)
}

// decryptionKeys expands a key (FIPS 197, section 5.2) and prepares the keys of the
// rounds for AESDEC: in reverse order, all but the first and the last through
// InvMixColumns (section 5.3.5).
func decryptionKeys(key []byte) (keys []byte, rounds int) {
	size := len(key) / 4 // in words, as all that follows
	rounds = size + 6
	words := make([]uint32, 4*(rounds+1))
	for i := range size {
		words[i] = binary.LittleEndian.Uint32(key[4*i:])
	}
	constant := uint32(1)
	for i := size; i < len(words); i++ {
		word := words[i-1]
		switch {
		case i%size == 0:
			word = subWord(bits.RotateLeft32(word, -8)) ^ constant
			if constant <<= 1; constant > 0xff {
				constant ^= 0x11b
			}
		case size > 6 && i%size == 4:
			word = subWord(word)
		}
		words[i] = words[i-size] ^ word
	}
	for round := rounds; round >= 0; round-- {
		at := len(keys)
		for _, word := range words[4*round : 4*round+4] {
			keys = binary.LittleEndian.AppendUint32(keys, word)
		}
		if round != 0 && round != rounds {
			invMixColumns(&keys[at])
		}
	}
	return keys, rounds
}

// decryptBlocks decrypts blocks of a CBC chain; before is the block of ciphertext in
// front of them, and afterwards the last of them.
//
//go:noescape
func decryptBlocks(keys *byte, rounds int, dst, src *byte, before *[aes.BlockSize]byte, blocks int)

// subWord puts the bytes of a word through the S-box of AES.
func subWord(word uint32) uint32

// invMixColumns does what its name says in FIPS 197 to the 16 bytes of a key.
//
//go:noescape
func invMixColumns(key *byte)
