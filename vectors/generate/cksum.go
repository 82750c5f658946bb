package generate

import (
	"bytes"
	"encoding/binary"
	"fmt"

	"github.com/xferspec/xferspec/vectors"
)

func cksums() []vectors.Cksum {
	counting := make([]byte, 256) // every byte value once
	for i := range counting {
		counting[i] = byte(i)
	}
	// No power of two, so that a slip in the order of blocks is seen.
	odd := random("cksum pattern", 251)
	var list []vectors.Cksum
	for _, c := range []struct {
		id, comment string
		pattern     []byte
		length      int
	}{
		{"digits", "the usual check value, 123456789; zlib's crc32 of it is 3421780262", []byte("123456789"), 9},
		{"worked-example", "the file of the worked example", []byte(workedExample), len(workedExample)},
		{"zero-byte", "one zero byte differs from nothing by its length alone", []byte{0}, 1},
		{"two-zero-bytes", "and two differ from one", []byte{0}, 2},
		{"high-byte", "a byte whose first bit is set, for those who shift a signed type", []byte{0xff}, 1},
		{"text-file", "line ends as they are, in binary mode", []byte("one\r\ntwo\nthree\r\n"), 16},
		{"all-bytes", "every byte value, ascending", counting, 256},
		{"all-bytes-64k", "every byte value, 256 times", counting, 65536},
		{"zeros-64k", "65536 zero bytes: only the length octets set bits", []byte{0}, 65536},
		{"ones-64k", "65536 bytes of 255", []byte{0xff}, 65536},
	} {
		list = append(list, cksum(c.id, c.comment, c.pattern, c.length))
	}
	for _, length := range []int{0, 1, 2, 15, 16, 17, 254, 255, 256, 257, 1023, 1024, 1025, 65535, 65536, 65537, 1 << 20, 1<<20 + 1} {
		comment := fmt.Sprintf("%d bytes, %d octets of length", length, octets(length))
		list = append(list, cksum(fmt.Sprintf("length-%d", length), comment, odd[:min(length, len(odd))], length))
	}
	return list
}

// octets is how many bytes a length takes in the checksum.
func octets(length int) int {
	n := 0
	for ; length > 0; length /= 256 {
		n++
	}
	return n
}

func cksum(id, comment string, pattern []byte, length int) vectors.Cksum {
	file := pattern
	if length > len(pattern) {
		file = bytes.Repeat(pattern, length/len(pattern)+1)[:length]
	}
	sum := posixCksum(file)
	return vectors.Cksum{
		Head:    vectors.Head{ID: "cksum-" + id, Comment: comment, Clauses: []string{"CRC-1"}},
		Pattern: append(vectors.Hex{}, pattern...),
		Length:  length,
		Cksum:   sum,
		Wire:    binary.LittleEndian.AppendUint32(nil, sum),
	}
}
