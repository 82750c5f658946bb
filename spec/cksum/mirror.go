package cksum

import (
	"encoding/binary"
	"math/bits"
)

// mirrorWords writes the bytes of src to dst, which is as long, each with its bits
// in reverse order. Read big-endian, reversed whole and written little-endian, eight
// bytes keep their places.
func mirrorWords(dst, src []byte) {
	i := 0
	for ; i+8 <= len(src) && i+8 <= len(dst); i += 8 {
		word := binary.BigEndian.Uint64(src[i : i+8])
		binary.LittleEndian.PutUint64(dst[i:i+8], bits.Reverse64(word))
	}
	for ; i < len(src); i++ {
		dst[i] = bits.Reverse8(src[i])
	}
}
