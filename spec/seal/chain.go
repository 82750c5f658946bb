package seal

import (
	"crypto/aes"
	"crypto/cipher"
	"slices"
)

// CiphertextSize returns the length in bytes of the ciphertext of a file of plain
// bytes: the next multiple of 16, always 1 to 16 more (FIL-3). plain is at least 0
// and 16 below the largest int64.
func CiphertextSize(plain int64) int64 { return plain - plain%aes.BlockSize + aes.BlockSize }

// chain is a CBC chain in either direction that takes its input in chunks.
type chain struct {
	block cipher.Block
	begin func(cipher.Block, []byte) cipher.BlockMode
	mode  cipher.BlockMode
	held  [aes.BlockSize]byte // input that was not put through yet
	n     int                 // how much of held is filled
}

func newChain(key []byte, begin func(cipher.Block, []byte) cipher.BlockMode) (chain, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return chain{}, keyErrorf(clauseKeySize, "AES key of %d bytes, must be 16, 24 or 32: %w", len(key), err)
	}
	c := chain{block: block, begin: begin}
	c.restart()
	return c, nil
}

// restart drops what is held and begins a new chain, with the zero IV.
func (c *chain) restart() {
	var iv [aes.BlockSize]byte
	c.mode, c.n = c.begin(c.block, iv[:]), 0
}

// push appends to dst the blocks that are complete, and holds the rest. keep is
// how many bytes to hold at least, while there are any: 0, or 1 to hold back the
// last block.
func (c *chain) push(dst, src []byte, keep int) []byte {
	ready := (c.n + len(src) - keep) &^ (aes.BlockSize - 1)
	if ready <= 0 {
		c.n += copy(c.held[c.n:], src)
		return dst
	}
	if c.n > 0 {
		src = src[copy(c.held[c.n:], src):]
		dst = c.crypt(dst, c.held[:])
		ready -= aes.BlockSize
	}
	dst = c.crypt(dst, src[:ready])
	c.n = copy(c.held[:], src[ready:])
	return dst
}

// crypt puts whole blocks through and appends the result to dst.
func (c *chain) crypt(dst, blocks []byte) []byte {
	old := len(dst)
	dst = slices.Grow(dst, len(blocks))[:old+len(blocks)]
	c.mode.CryptBlocks(dst[old:], blocks)
	return dst
}
