package generate

import (
	"bytes"
	"crypto/aes"
	"crypto/sha1"
	"encoding/binary"
	"hash"
)

// oaep is RSAES-OAEP (RFC 8017, section 7.1.1) with each choice open, so that
// wrong ones can be made. The standard library's is not used: it promises no
// fixed result for a fixed seed.
type oaep struct {
	hash      func() hash.Hash
	label     string
	first     byte // 0 in what is right
	separator byte // 1 in what is right
}

// protocolOAEP is what the protocol uses.
var protocolOAEP = oaep{hash: sha1.New, separator: 1}

// wrap encrypts a key under the fixed RSA key; the seed follows from the label.
func wrap(key []byte, seedLabel string) []byte { return protocolOAEP.wrap(key, seedLabel) }

func (o oaep) wrap(key []byte, seedLabel string) []byte {
	h := o.hash()
	h.Write([]byte(o.label))
	block := h.Sum(nil)
	block = append(block, make([]byte, len(modulus())-2*h.Size()-2-len(key))...)
	block = append(block, o.separator)
	block = append(block, key...)
	seed := random(seedLabel, h.Size())
	xor(block, o.mask(seed, len(block)))
	xor(seed, o.mask(block, len(seed)))
	return power(append(append([]byte{o.first}, seed...), block...), exponent)
}

// mask is MGF1 (RFC 8017, section B.2.1).
func (o oaep) mask(seed []byte, n int) []byte {
	var out []byte
	for i := uint32(0); len(out) < n; i++ {
		h := o.hash()
		h.Write(seed)
		h.Write(binary.BigEndian.AppendUint32(nil, i))
		out = h.Sum(out)
	}
	return out[:n]
}

func xor(dst, with []byte) {
	for i := range dst {
		dst[i] ^= with[i]
	}
}

// pad appends PKCS#7 padding.
func pad(plain []byte) []byte {
	n := aes.BlockSize - len(plain)%aes.BlockSize
	return append(bytes.Clone(plain), bytes.Repeat([]byte{byte(n)}, n)...)
}

// encrypt is AES-CBC with a zero IV over a padded file.
func encrypt(key, plain []byte) []byte { return chain(key, pad(plain)) }

// chain is AES-CBC with a zero IV over whole blocks, whatever they end in.
func chain(key, blocks []byte) []byte {
	block, err := aes.NewCipher(key)
	if err != nil {
		panic(err) // the keys are those of this package
	}
	out, last := make([]byte, len(blocks)), make([]byte, aes.BlockSize)
	for at := 0; at < len(blocks); at += aes.BlockSize {
		xor(last, blocks[at:at+aes.BlockSize])
		block.Encrypt(last, last)
		copy(out[at:], last)
	}
	return out
}

// posixCksum is the checksum as the text of the protocol has it, bit by bit.
func posixCksum(file []byte) uint32 {
	var crc uint32
	for _, b := range file {
		crc = crcByte(crc, b)
	}
	for n := len(file); n > 0; n /= 256 {
		crc = crcByte(crc, byte(n%256))
	}
	return ^crc
}

func crcByte(crc uint32, b byte) uint32 {
	crc ^= uint32(b) << 24
	for range 8 {
		out := crc >> 31
		crc = crc<<1 ^ out*0x04C11DB7
	}
	return crc
}
