package clients

import (
	"bytes"
	"crypto/rand"
	"slices"
)

// contentRows are mistakes in how a file is encrypted and cut into packets.
var contentRows = []row{
	{
		id: "key-of-zeros", clauses: "KEY-8", often: always, about: "encrypts the file with a key of zeros",
		mutate: reencrypting(func(key, plain []byte) []byte { return encrypt(make([]byte, len(key)), plain) }),
	},
	{
		id: "half-the-key", clauses: "KEY-8", often: always, about: "encrypts the file with the first 16 bytes of the AES key",
		mutate: reencrypting(func(key, plain []byte) []byte { return encrypt(key[:16], plain) }),
	},
	{
		id: "chain-for-each-packet", clauses: "FIL-4", often: always, about: "begins the CBC chain anew in every packet",
		mutate: reencrypting(func(key, plain []byte) (cipher []byte) {
			for len(plain) >= packetSize {
				cipher = append(cipher, encrypt(key, plain[:packetSize])[:packetSize]...)
				plain = plain[packetSize:]
			}
			return append(cipher, encrypt(key, plain)...)
		}),
	},
	{
		id: "padding-in-each-packet", clauses: "FIL-4", often: always, about: "encrypts every packet by itself, with its own padding",
		mutate: reencrypting(func(key, plain []byte) (cipher []byte) {
			for piece := range slices.Chunk(plain, packetSize-1) {
				cipher = append(cipher, encrypt(key, piece)...)
			}
			return cipher
		}),
	},
	{
		id: "sends-its-iv", clauses: "FIL-4", often: always, about: "encrypts with a random initialisation vector and sends it before the ciphertext",
		mutate: all(reencrypting(func(key, plain []byte) []byte {
			iv := make([]byte, blockSize)
			_, _ = rand.Read(iv) // never fails
			return encrypt(key, append(iv, plain...))
		}), rightAnswer),
	},
	{
		id: "text-mode", clauses: "FIL-4", often: "when the file has a byte 10", about: "makes two bytes, 13 and 10, of every 10",
		mutate: all(reencrypting(func(key, plain []byte) []byte {
			return encrypt(key, bytes.ReplaceAll(plain, []byte("\n"), []byte("\r\n")))
		}), rightAnswer),
	},
	{
		id: "no-padding-of-whole-blocks", clauses: "FIL-4", often: "for files of whole blocks", about: "adds no padding",
		unrelated: 9, why: "files of whole blocks are among those of every case about files of all lengths",
		mutate: all(reencryptingSome(func(plain []byte) bool { return len(plain)%blockSize == 0 }, func(key, plain []byte) []byte {
			return encrypt(key, plain)[:len(plain)]
		}), rightAnswer),
	},
	{
		id: "zeros-for-padding", clauses: "FIL-4", often: "for files of one packet", about: "fills the last block up with zeros",
		mutate: all(reencryptingSome(func(plain []byte) bool { return len(plain) < packetSize }, func(key, plain []byte) []byte {
			padded := append(bytes.Clone(plain), make([]byte, blockSize-len(plain)%blockSize)...)
			return encrypt(key, padded)[:len(padded)]
		}), rightAnswer),
	},
	{
		id: "ends-at-1-mib", clauses: "FIL-4 FIL-3", often: large, about: "sends no more than 1 MiB of a file",
		also: "CLT-FIL-12 CLT-FIL-21",
		mutate: beforehand(func(p *process) {
			if content := p.content(); len(content) > 1<<20 {
				p.substitute(content[:1<<20])
			}
		}),
	},
	{
		id: "packets-of-1000", clauses: "FIL-5", often: always, about: "puts 1000 bytes into a packet",
		mutate: onTransfers(func(t *transfer) {
			if cipher := t.cipher(); len(cipher) > 0 {
				t.carry(cipher, 1000)
			}
		}),
	},
	{
		id: "packets-of-2048", clauses: "FIL-5", often: large, about: "puts 2048 bytes into a packet",
		also: "CLT-FIL-29",
		mutate: onTransfers(func(t *transfer) {
			if isLarge(t.packets[0]) {
				t.carry(t.cipher(), 2*packetSize)
			}
		}),
	},
	{
		id: "empty-last-packet", clauses: "FIL-6", often: "when the ciphertext fills its packets", about: "sends an empty packet at the end",
		also: "CLT-FIL-14",
		mutate: onTransfers(func(t *transfer) {
			if cipher := t.cipher(); len(cipher)%packetSize == 0 {
				t.cut(cipher, append(slices.Collect(slices.Chunk(cipher, packetSize)), nil))
			}
		}),
	},
}

// reencrypting has the client encrypt files in another way; f returns the ciphertext.
func reencrypting(f func(key, plain []byte) []byte) mutation {
	return reencryptingSome(func([]byte) bool { return true }, f)
}

func reencryptingSome(which func(plain []byte) bool, f func(key, plain []byte) []byte) mutation {
	return onTransfers(func(t *transfer) {
		if key := t.conn.aesKey(); key != nil {
			if plain := t.plain(); which(plain) {
				t.carry(f(key, plain), packetSize)
			}
		}
	})
}
