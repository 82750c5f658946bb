package cksum

import (
	"encoding/binary"
	"hash"
	"hash/crc32"
	"math/bits"
)

// Size is the size of a checksum in bytes.
const Size = 4

// bufferSize is how many bytes are mirrored before they are divided. From
// 1 KiB on, a larger buffer is hardly faster, and this one stays in the first cache.
const bufferSize = 1024

// Digest is a running checksum (CRC-1). Its zero value is ready to use. A Digest
// holds 1 KiB of scratch space, so it is passed by pointer.
type Digest struct {
	register uint32 // of the mirrored division, not complemented
	length   uint64 // bytes written
	mirrored [bufferSize]byte
}

var _ hash.Hash32 = (*Digest)(nil)

// New returns a Digest to which nothing was written yet.
func New() *Digest { return new(Digest) }

// Sum returns the checksum of p. It allocates one Digest; Write does not.
func Sum(p []byte) uint32 {
	d := New()
	d.add(p)
	return d.Sum32()
}

// Write adds p to the checksum. It returns len(p) and never an error, keeps no
// reference to p and allocates nothing.
func (d *Digest) Write(p []byte) (int, error) {
	d.add(p)
	return len(p), nil
}

func (d *Digest) add(p []byte) {
	d.length += uint64(len(p))
	for len(p) > 0 {
		n := min(len(p), bufferSize)
		mirror(d.mirrored[:n], p[:n])
		// crc32.Update complements on the way in and out; POSIX starts from 0.
		d.register = ^crc32.Update(^d.register, crc32.IEEETable, d.mirrored[:n])
		p = p[n:]
	}
}

// Sum32 returns the checksum of what was written so far, the octets of its
// length included. More may be written afterwards.
func (d *Digest) Sum32() uint32 {
	register := d.register
	for n := d.length; n > 0; n >>= 8 {
		octet := bits.Reverse8(byte(n))
		register = crc32.IEEETable[byte(register)^octet] ^ register>>8
	}
	return bits.Reverse32(^register)
}

// Sum appends the checksum to b, as 4 bytes from the highest to the lowest, like
// every hash.Hash32. On the wire the protocol is little-endian: take Sum32 there.
func (d *Digest) Sum(b []byte) []byte { return binary.BigEndian.AppendUint32(b, d.Sum32()) }

// Reset forgets all that was written.
func (d *Digest) Reset() { d.register, d.length = 0, 0 }

// Size returns the size of a checksum, 4 bytes.
func (d *Digest) Size() int { return Size }

// BlockSize returns 1: writes of any length are equally well aligned.
func (d *Digest) BlockSize() int { return 1 }
