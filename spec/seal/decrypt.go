package seal

import (
	"crypto/aes"
	"crypto/cipher"
)

// Decrypter turns the ciphertext of an Encrypter back into the file. It is for one
// goroutine.
type Decrypter struct{ chain chain }

// NewDecrypter returns a Decrypter at the beginning of a file. A key of other than
// 16, 24 or 32 bytes gives a *KeyError (KEY-3).
func NewDecrypter(key []byte) (*Decrypter, error) {
	c, err := newChain(key, cipher.NewCBCDecrypter)
	if err != nil {
		return nil, err
	}
	if hasBlocks {
		c.begin = beginDecryption(key)
		c.restart()
	}
	return &Decrypter{c}, nil
}

// Append decrypts the next bytes of the ciphertext and returns dst with the blocks
// that are complete appended, but for the last, which may be padding: it waits for
// the next call. It appends at most len(ciphertext) rounded up to a multiple of 16,
// and allocates only when dst lacks room for what it appends. ciphertext must not
// overlap that room.
func (d *Decrypter) Append(dst, ciphertext []byte) []byte {
	return d.chain.push(dst, ciphertext, 1)
}

// Finish returns dst with the last bytes of the file appended, 0 to 15, and begins
// the next file under the same key. A ciphertext that is cut off or wrongly padded
// gives a *CiphertextError (FIL-13) with ErrPartialBlock or ErrPadding, and dst as
// it was; what Append gave out before is then no file either.
func (d *Decrypter) Finish(dst []byte) ([]byte, error) {
	c := &d.chain
	defer c.restart()
	if c.n != aes.BlockSize {
		return dst, &CiphertextError{Clause: clauseCiphertext, Err: ErrPartialBlock}
	}
	last := c.held[:]
	c.mode.CryptBlocks(last, last)
	padding := last[aes.BlockSize-1]
	if padding == 0 || padding > aes.BlockSize {
		return dst, &CiphertextError{Clause: clauseCiphertext, Err: ErrPadding}
	}
	plain := aes.BlockSize - int(padding)
	for _, b := range last[plain:] {
		if b != padding {
			return dst, &CiphertextError{Clause: clauseCiphertext, Err: ErrPadding}
		}
	}
	return append(dst, last[:plain]...), nil
}
