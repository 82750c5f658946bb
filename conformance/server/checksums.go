package server

import (
	"context"
	"hash/adler32"
	"hash/crc32"
	"math/bits"
	"slices"

	"github.com/xferspec/xferspec/harness/peer"
	"github.com/xferspec/xferspec/spec/cksum"
	"github.com/xferspec/xferspec/spec/wire"
)

// otherSum is a checksum that servers compute in place of the right one.
type otherSum struct {
	name string
	sum  peer.Checksum
}

// otherSums are those that are known, no two alike.
var otherSums = []otherSum{
	{"zlib's CRC-32 of the file", ofPlain(crc32.ChecksumIEEE)},
	{"zlib's CRC-32 of the file with its bytes in the opposite order", ofPlain(swapped(crc32.ChecksumIEEE))},
	{"the right one with its bytes in the opposite order", ofPlain(swapped(cksum.Sum))},
	{"the cksum without the length at its end", ofPlain(withoutLength)},
	{"the cksum without the complement at its end", ofPlain(func(b []byte) uint32 { return ^cksum.Sum(b) })},
	{"the cksum of the file with its padding", ofPlain(func(b []byte) uint32 { return cksum.Sum(padded(b)) })},
	{"the cksum of the ciphertext", ofCipher(cksum.Sum)},
	{"zlib's CRC-32 of the ciphertext", ofCipher(crc32.ChecksumIEEE)},
	{"zlib's Adler-32 of the file", ofPlain(adler32.Checksum)},
}

func ofPlain(f func([]byte) uint32) peer.Checksum {
	return func(plain, _ []byte) uint32 { return f(plain) }
}

func ofCipher(f func([]byte) uint32) peer.Checksum {
	return func(_, cipher []byte) uint32 { return f(cipher) }
}

func swapped(f func([]byte) uint32) func([]byte) uint32 {
	return func(b []byte) uint32 { return bits.ReverseBytes32(f(b)) }
}

// withoutLength divides by the polynomial of CRC-1, which is that of zlib with
// the bits of all bytes the other way round.
func withoutLength(b []byte) uint32 {
	mirrored := slices.Clone(b)
	for i, c := range mirrored {
		mirrored[i] = bits.Reverse8(c)
	}
	return bits.Reverse32(crc32.Update(^uint32(0), crc32.IEEETable, mirrored))
}

func padded(plain []byte) []byte {
	n := blockSize - len(plain)%blockSize
	return append(slices.Clone(plain), slices.Repeat([]byte{byte(n)}, n)...)
}

// recognize returns the wrong checksum that explains the answer to a transfer
// and that to another file, or nil.
func recognize(ctx context.Context, c *peer.Client, t *peer.Transfer, r peer.Reply) *otherSum {
	answer, ok := r.Message.(*wire.FileReceived)
	if !ok || answer.Cksum == t.Cksum() {
		return nil
	}
	fits := func(t *peer.Transfer, got uint32) func(otherSum) bool {
		return func(o otherSum) bool { return o.sum(t.Plain, t.Cipher) == got }
	}
	i := slices.IndexFunc(otherSums, fits(t, answer.Cksum))
	if i < 0 {
		return nil
	}
	c = again(ctx, c)
	t = c.NewTransfer("another.bin", noise(700, 1), peer.DefaultPacket)
	if answer, ok = c.SendTransfer(t).Message.(*wire.FileReceived); ok && fits(t, answer.Cksum)(otherSums[i]) {
		return &otherSums[i]
	}
	return nil
}
