package generate

import (
	"bytes"
	"fmt"

	"github.com/xferspec/xferspec/vectors"
)

// workedExample is the file of the worked example.
const workedExample = "Every byte on the wire has a reason.\n"

func cbcs() []vectors.CBC {
	list := rightCBCs()
	for _, c := range wrongCBCs(workedKey) {
		list = append(list, vectors.CBC{
			Head:   vectors.Head{ID: "cbc-" + c.id, Comment: c.comment, Clauses: []string{"FIL-13", "FIL-26"}},
			Breaks: "FIL-13", Key: workedKey, Ciphertext: c.ciphertext,
		})
	}
	return list
}

func rightCBCs() []vectors.CBC {
	var list []vectors.CBC
	add := func(id, comment string, key, plain []byte) {
		list = append(list, vectors.CBC{
			Head: vectors.Head{ID: "cbc-" + id, Comment: comment, Clauses: []string{"FIL-4", "FIL-11"}},
			Key:  key, Ciphertext: encrypt(key, plain), Plaintext: plain,
		})
	}
	for _, size := range []int{16, 32} {
		key := workedKey[:size]
		aes := fmt.Sprintf("aes%d", size*8)
		for length := range 34 {
			add(fmt.Sprintf("%s-length-%d", aes, length), fmt.Sprintf("%d bytes", length), key, random("cbc plaintext", length))
		}
		add(aes+"-worked-example", "the file of the worked example", key, []byte(workedExample))
		add(aes+"-ends-like-padding", "a file that ends in what looks like padding", key, bytes.Repeat([]byte{4}, 12))
		add(aes+"-whole-block-of-16", "a file that looks like a block of padding", key, bytes.Repeat([]byte{16}, 16))
		add(aes+"-zeros", "equal blocks of plaintext, different ones of ciphertext", key, make([]byte, 64))
	}
	return list
}

// wrongCBC is a ciphertext that decrypts to no file.
type wrongCBC struct {
	id, comment string
	ciphertext  []byte
}

func wrongCBCs(key []byte) []wrongCBC {
	var list []wrongCBC
	add := func(id, comment string, ciphertext []byte) {
		list = append(list, wrongCBC{id, comment, ciphertext})
	}
	right := encrypt(key, random("cbc wrong", 40))
	add("empty", "no block at all: an empty file has one", []byte{})
	for _, length := range []int{1, 15, 17, 31, 47} {
		add(fmt.Sprintf("partial-%d", length), fmt.Sprintf("%d bytes are not whole blocks", length), right[:length])
	}
	// Each ends a block of otherwise right padding wrongly.
	for _, c := range []struct {
		id, comment string
		last        []byte // the last bytes before encryption
	}{
		{"padding-0", "the last byte is 0", []byte{0}},
		{"padding-17", "the last byte is 17, more than a block", bytes.Repeat([]byte{17}, 16)},
		{"padding-32", "the last byte is 32: two blocks of padding", bytes.Repeat([]byte{32}, 32)},
		{"padding-255", "the last byte is 255", []byte{255}},
		{"padding-first-wrong", "the first of 8 bytes of padding is not 8", []byte{7, 8, 8, 8, 8, 8, 8, 8}},
		{"padding-middle-wrong", "one in the middle of 8 is not 8", []byte{8, 8, 8, 8, 7, 8, 8, 8}},
		{"padding-next-to-last-wrong", "the one before the last is not 2", []byte{3, 2}},
		{"padding-16-first-wrong", "the first of a whole block of padding is not 16", append([]byte{15}, bytes.Repeat([]byte{16}, 15)...)},
		{"padding-ansi", "ANSI X9.23: zeros, then the number", []byte{0, 0, 0, 4}},
		{"padding-iso7816", "ISO 7816-4: 128, then zeros", []byte{128, 0, 0, 0}},
		{"padding-zeros", "a block filled with zeros", make([]byte, 16)},
		{"padding-none", "a file of whole blocks and no padding", []byte("ends without it.")},
	} {
		blocks := bytes.Repeat([]byte("sixteen octets. "), 3)
		copy(blocks[len(blocks)-len(c.last):], c.last)
		add(c.id, c.comment, chain(key, blocks))
	}
	add("cut-block", "the last block is missing", right[:32])
	add("last-bit", "a bit of the last block changed", flip(right, len(right)-1))
	return list
}

// flip returns p with the lowest bit of one byte changed.
func flip(p []byte, at int) []byte {
	p = bytes.Clone(p)
	p[at] ^= 1
	return p
}
