package server

import "crypto/aes"

// plaintext is what was decrypted and is not in its file yet, at most fileBuffer
// bytes and a block. It belongs to one transfer at a time: the files of a connection
// come one after the other, as a rule, and where they do not, it is written out each
// time that another transfer goes on.
type plaintext struct {
	of    *transfer // nil for none
	bytes []byte
}

// claim makes it the transfer's.
func (p *plaintext) claim(t *transfer) {
	if p.of == t {
		return
	}
	if p.of != nil {
		_ = p.of.flush() // the error shows when that transfer goes on
	}
	if p.bytes == nil {
		p.bytes = make([]byte, 0, fileBuffer+aes.BlockSize) // Append gives up to a block more than it takes
	}
	p.of = t
}

// release drops what is the transfer's.
func (p *plaintext) release(t *transfer) {
	if p.of == t {
		p.of, p.bytes = nil, p.bytes[:0]
	}
}

// room is how many bytes of ciphertext may still be decrypted into it.
func (p *plaintext) room() int { return fileBuffer - len(p.bytes) }
