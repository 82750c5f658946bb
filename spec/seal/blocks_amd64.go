package seal

import (
	"crypto/aes"
	"crypto/cipher"
	"encoding/binary"
	"math/bits"

	"golang.org/x/sys/cpu"
)

// hasBlocks says whether the processor has the instructions for blocks.
var hasBlocks = cpu.X86.HasAES && cpu.X86.HasSSE41

// blocks is CBC in either direction, many blocks in one call. crypto/aes calls its
// assembly for each block, which costs twice:
//
//   - to encrypt, each block waits for the one before, and in between that would lie
//     in memory. Here it stays in a register, which takes a quarter less time.
//   - to decrypt, no block waits. Here eight are in the processor at a time, which
//     takes a quarter of the time.
type blocks struct {
	keys   []byte // of the rounds, 16 bytes each, in the order in which crypt takes them
	rounds int
	last   [aes.BlockSize]byte // the last block of ciphertext
	crypt  func(keys *byte, rounds int, dst, src *byte, before *[aes.BlockSize]byte, blocks int)
}

// beginEncryption returns what begins a chain under a key of 16, 24 or 32 bytes.
func beginEncryption(key []byte) func(cipher.Block, []byte) cipher.BlockMode {
	keys, rounds := expand(key)
	return func(_ cipher.Block, iv []byte) cipher.BlockMode {
		return &blocks{keys, rounds, [aes.BlockSize]byte(iv), encryptBlocks}
	}
}

// beginDecryption is beginEncryption for the other direction.
func beginDecryption(key []byte) func(cipher.Block, []byte) cipher.BlockMode {
	keys, rounds := expand(key)
	keys = invert(keys)
	return func(_ cipher.Block, iv []byte) cipher.BlockMode {
		return &blocks{keys, rounds, [aes.BlockSize]byte(iv), decryptBlocks}
	}
}

// BlockSize returns 16.
func (*blocks) BlockSize() int { return aes.BlockSize }

// CryptBlocks takes whole blocks, in place or to memory that does not overlap.
func (b *blocks) CryptBlocks(dst, src []byte) {
	if len(src) == 0 {
		return
	}
	_ = dst[len(src)-1]
	b.crypt(&b.keys[0], b.rounds, &dst[0], &src[0], &b.last, len(src)/aes.BlockSize)
}

// expand makes the keys of the rounds out of a key (FIPS 197, section 5.2).
func expand(key []byte) (keys []byte, rounds int) {
	size := len(key) / 4 // in words, as i
	rounds = size + 6
	keys = append(keys, key...)
	word := func(i int) uint32 { return binary.LittleEndian.Uint32(keys[4*i:]) }
	constant := uint32(1)
	for i := size; i < 4*(rounds+1); i++ {
		next := word(i - 1)
		switch {
		case i%size == 0:
			next = subWord(bits.RotateLeft32(next, -8)) ^ constant
			if constant <<= 1; constant > 0xff {
				constant ^= 0x11b
			}
		case size > 6 && i%size == 4:
			next = subWord(next)
		}
		keys = binary.LittleEndian.AppendUint32(keys, word(i-size)^next)
	}
	return keys, rounds
}

// invert prepares the keys of the rounds for AESDEC: in reverse order, all but the
// first and the last through InvMixColumns (FIPS 197, section 5.3.5).
func invert(keys []byte) (inverse []byte) {
	last := len(keys) - aes.BlockSize
	for at := last; at >= 0; at -= aes.BlockSize {
		inverse = append(inverse, keys[at:at+aes.BlockSize]...)
		if at != 0 && at != last {
			invMixColumns(&inverse[len(inverse)-aes.BlockSize])
		}
	}
	return inverse
}

// encryptBlocks encrypts at least one block of a CBC chain; before is the block of
// ciphertext in front of them, and afterwards the last of them.
//
//go:noescape
func encryptBlocks(keys *byte, rounds int, dst, src *byte, before *[aes.BlockSize]byte, blocks int)

// decryptBlocks decrypts blocks of a CBC chain; before is as with encryptBlocks.
//
//go:noescape
func decryptBlocks(keys *byte, rounds int, dst, src *byte, before *[aes.BlockSize]byte, blocks int)

// subWord puts the bytes of a word through the S-box of AES.
func subWord(word uint32) uint32

// invMixColumns does what its name says in FIPS 197 to the 16 bytes of a key.
//
//go:noescape
func invMixColumns(key *byte)
