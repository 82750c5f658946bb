package generate

import (
	"bytes"
	"crypto/sha1"
	"crypto/sha256"
	"fmt"

	"github.com/xferspec/xferspec/vectors"
)

// workedKey and workedWrapped are those of the worked example in the text of the
// protocol.
var (
	workedKey     = unhex("5ca420878533b61da062a3f0e94dca1c3d104ab770664c28ee12a74ea6be15cf")
	workedWrapped = unhex("9d2fc8e132f13f73f7b54bf270c89bdcb29f4909007260dabd6ec9236cbe6a9c" +
		"4764cb33ce2bbc8e13baddb68651bd1edba16171bc1010133aebb5961e9eba64" +
		"9006df286a110992fe2f1d95b750886df5ed5fdaeced7eb6951a7e84a9694d13" +
		"7b1c67f6ca07992aa0a80de51c226a25693fbc81df678eb3c938f3a2ea924df6")
)

func unwraps() []vectors.Unwrap {
	list := rightWraps()
	for _, c := range wrongWraps() {
		list = append(list, vectors.Unwrap{
			Head:   vectors.Head{ID: "unwrap-" + c.id, Comment: c.comment, Clauses: []string{"SEC-1", "SEC-4"}},
			Breaks: "SEC-4", PrivateKey: privateKey(), Wrapped: c.wrapped, KeySize: c.keySize,
		})
	}
	return list
}

func rightWraps() []vectors.Unwrap {
	var list []vectors.Unwrap
	add := func(id, comment string, key, wrapped []byte) {
		list = append(list, vectors.Unwrap{
			Head:       vectors.Head{ID: "unwrap-" + id, Comment: comment, Clauses: []string{"KEY-2", "KEY-3", "KEY-8"}},
			PrivateKey: privateKey(), Wrapped: wrapped, KeySize: len(key), Key: key,
		})
	}
	add("worked-example", "the key of the worked example", workedKey, workedWrapped)
	for _, size := range []int{16, 32} {
		id := func(what string) string { return fmt.Sprintf("%d-%s", size, what) }
		for i := 1; i <= 3; i++ {
			label := id(fmt.Sprintf("random-%d", i))
			key := random("key "+label, size)
			add(label, "a random key", key, wrap(key, "seed "+label))
		}
		zeros, ones := make([]byte, size), bytes.Repeat([]byte{0xff}, size)
		add(id("zeros"), "a key of zeros: they are not padding", zeros, wrap(zeros, "seed zeros"))
		add(id("ones"), "a key of bytes 1: they are not the byte before the key", bytes.Repeat([]byte{1}, size), wrap(bytes.Repeat([]byte{1}, size), "seed 1"))
		add(id("ff"), "a key of bytes 255", ones, wrap(ones, "seed ff"))
		add(id("leading-zero"), "the wrapped key begins with a zero byte and still has 128 bytes", zeros, leadingZero(zeros))
	}
	return list
}

// leadingZero wraps with the first seed for which the result begins with a zero.
func leadingZero(key []byte) []byte {
	for i := 0; ; i++ {
		if wrapped := wrap(key, fmt.Sprintf("leading zero %d", i)); wrapped[0] == 0 {
			return wrapped
		}
	}
}

// wrongWrap is bytes that hold no key of keySize bytes.
type wrongWrap struct {
	id, comment string
	wrapped     []byte
	keySize     int
}

func wrongWraps() []wrongWrap {
	key := random("wrapped key", 32)
	right := wrap(key, "right")
	flipped := bytes.Clone(right)
	flipped[127] ^= 1
	pkcs1 := append(append(append([]byte{0, 2}, bytes.Repeat([]byte{0xa5}, 93)...), 0), key...)
	list := []wrongWrap{
		{"flipped-bit", "one bit changed", flipped, 32},
		{"reversed", "the right bytes, little-endian", reversed(right), 32},
		{"zeros", "128 zero bytes", make([]byte, 128), 32},
		{"random", "random bytes below the modulus", append([]byte{0x7f}, random("no wrapped key", 127)...), 32},
		{"modulus", "the modulus itself, which no ciphertext reaches", modulus(), 32},
		{"ff", "a number above the modulus", bytes.Repeat([]byte{0xff}, 128), 32},
		{"127-bytes", "one byte short", right[:127], 32},
		{"129-bytes", "one byte more", append(bytes.Clone(right), 0), 32},
		{"empty", "no bytes", []byte{}, 32},
		{"not-encrypted", "the AES key in the clear, filled with zeros", append(bytes.Clone(key), make([]byte, 96)...), 32},
		{"pkcs1-padding", "the older padding, PKCS#1 v1.5", power(pkcs1, exponent), 32},
		{"sha256", "OAEP with SHA-256", oaep{hash: sha256.New, separator: 1}.wrap(key, "sha256"), 32},
		{"label", "OAEP with a label that is not empty", oaep{hash: sha1.New, separator: 1, label: "AES"}.wrap(key, "label"), 32},
		{"first-byte", "the first byte of the padded block is not 0", oaep{hash: sha1.New, separator: 1, first: 1}.wrap(key, "first"), 32},
		{"no-separator", "no byte 1 before the key", oaep{hash: sha1.New, separator: 2}.wrap(key, "separator"), 32},
	}
	for _, c := range []struct{ size, keySize int }{{0, 16}, {15, 16}, {17, 16}, {24, 16}, {32, 16}, {0, 32}, {16, 32}, {24, 32}, {31, 32}, {33, 32}, {86, 32}} {
		list = append(list, wrongWrap{
			fmt.Sprintf("%d-bytes-for-%d", c.size, c.keySize), fmt.Sprintf("unwraps to %d bytes where %d are due", c.size, c.keySize),
			wrap(random("long key", c.size), "size"), c.keySize,
		})
	}
	return list
}

func reversed(p []byte) []byte {
	out := make([]byte, 0, len(p))
	for i := len(p) - 1; i >= 0; i-- {
		out = append(out, p[i])
	}
	return out
}
