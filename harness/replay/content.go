package replay

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"fmt"

	"github.com/xferspec/xferspec/harness/trace"
	"github.com/xferspec/xferspec/spec/cksum"
	"github.com/xferspec/xferspec/spec/seal"
	"github.com/xferspec/xferspec/spec/wire"
)

// content is the ciphertext of a transfer, as it is sent now.
type content struct {
	recorded *trace.Transfer
	first    *wire.File
	bytes    []byte // nil until packet 1 is sent
	same     bool   // it decrypts to what the recorded one did
	sum      uint32 // of the file that is sent, where it is not the same
}

// part is a packet's share of a content.
type part struct {
	*content
	offset int
}

// parts finds the content of every file request, by the index of its frame.
func parts(s *script, t *trace.Transcript) map[int]part {
	all := map[int]part{}
	for _, transfer := range t.Transfers(s.ed, s.frames) {
		c := &content{recorded: transfer}
		offset := 0
		for _, index := range transfer.Packets {
			m, ok := s.frames[index].Message.(*wire.File)
			if !ok {
				continue // Transfers has only file requests
			}
			if c.first == nil {
				c.first = m
			}
			all[index] = part{c, offset}
			offset += len(m.Content)
		}
	}
	return all
}

// seal makes the ciphertext under the key that the server has given out now; with
// none, the recorded bytes serve.
func (c *content) seal(key []byte) (err error) {
	old := c.recorded.Cipher
	switch {
	case key == nil:
		c.bytes, c.same = old, true
	case c.recorded.Key != nil:
		c.bytes, err = reseal(c.recorded.Key, key, old)
		c.same = true
	default:
		c.bytes, c.sum, err = invent(key, len(old), int64(c.first.OriginalSize))
	}
	if err != nil {
		return fmt.Errorf("encrypt %q anew: %w", c.first.Name, err)
	}
	return nil
}

// reseal decrypts blocks with one key and encrypts them with another one. Padding
// is a part of what it keeps, right or wrong; so are bytes that make no block.
func reseal(from, to, ciphertext []byte) ([]byte, error) {
	decrypt, err := aes.NewCipher(from)
	if err != nil {
		return nil, err
	}
	encrypt, err := aes.NewCipher(to)
	if err != nil {
		return nil, err
	}
	var iv [aes.BlockSize]byte
	out := append([]byte{}, ciphertext...)
	blocks := out[:len(out)-len(out)%aes.BlockSize]
	cipher.NewCBCDecrypter(decrypt, iv[:]).CryptBlocks(blocks, blocks)
	cipher.NewCBCEncrypter(encrypt, iv[:]).CryptBlocks(blocks, blocks)
	return out, nil
}

// invent returns size bytes of the ciphertext of a file of random bytes, and its
// checksum. The file is as long as was announced, if that fits.
func invent(key []byte, size int, announced int64) ([]byte, uint32, error) {
	whole := int64(size+aes.BlockSize-1) &^ (aes.BlockSize - 1)
	if whole == 0 {
		return nil, cksum.Sum(nil), nil
	}
	length := whole - 1
	if seal.CiphertextSize(announced) == whole {
		length = announced
	}
	plain := make([]byte, length)
	_, _ = rand.Read(plain) // never fails
	e, err := seal.NewEncrypter(key)
	if err != nil {
		return nil, 0, err
	}
	return e.Finish(e.Append(nil, plain))[:size], cksum.Sum(plain), nil
}
