package seal

import (
	"crypto/aes"
	"crypto/cipher"
)

// Encrypter encrypts files with AES-CBC, a zero IV and PKCS#7 padding, each as one
// chain (FIL-4). It is for one goroutine.
type Encrypter struct{ chain chain }

// NewEncrypter returns an Encrypter at the beginning of a file. A key of other
// than 16, 24 or 32 bytes gives a *KeyError (KEY-3).
func NewEncrypter(key []byte) (*Encrypter, error) {
	c, err := newChain(key, cipher.NewCBCEncrypter)
	if err != nil {
		return nil, err
	}
	if hasBlocks {
		c.begin = beginEncryption(key)
		c.restart()
	}
	return &Encrypter{c}, nil
}

// Append encrypts the next bytes of the file and returns dst with the blocks that
// are complete appended; up to 15 bytes wait for the next call. It appends at most
// len(plain) rounded up to a multiple of 16, and allocates only when dst lacks room
// for what it appends. plain must not overlap that room.
func (e *Encrypter) Append(dst, plain []byte) []byte { return e.chain.push(dst, plain, 0) }

// Finish returns dst with the padded last block appended, 16 bytes, and begins the
// next file under the same key.
func (e *Encrypter) Finish(dst []byte) []byte {
	c := &e.chain
	padding := aes.BlockSize - c.n
	for i := c.n; i < aes.BlockSize; i++ {
		c.held[i] = byte(padding)
	}
	dst = c.crypt(dst, c.held[:])
	c.restart()
	return dst
}
