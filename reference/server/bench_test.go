package server_test

import (
	"crypto/aes"
	"crypto/cipher"
	"testing"

	"github.com/xferspec/xferspec/spec/wire"
)

// largest is the longest file of 2024a: 65,535 packets of 1024 bytes.
const largest = 65535*1024 - 1

// BenchmarkReceive takes the largest file in, over loopback, up to the answer. The
// ciphertext is made beforehand. Compare with BenchmarkDecrypt.
func BenchmarkReceive(b *testing.B) {
	f := serve(b, edition(b, "2024a"), b.TempDir())
	c := f.ready("Ada")
	plain := pattern(largest)
	var stream []byte
	for _, packet := range c.packets("f", plain, 1024) {
		stream = append(stream, c.encode(packet)...)
	}
	want := c.received("f", plain)
	b.SetBytes(largest)
	for b.Loop() {
		c.write(stream)
		c.want(want)
	}
}

// BenchmarkDecrypt is what the standard library takes to decrypt the same file.
func BenchmarkDecrypt(b *testing.B) {
	block, err := aes.NewCipher(make([]byte, 32))
	if err != nil {
		b.Fatal(err)
	}
	buf := make([]byte, largest+1)
	b.SetBytes(largest)
	for b.Loop() {
		cipher.NewCBCDecrypter(block, make([]byte, aes.BlockSize)).CryptBlocks(buf, buf)
	}
}

// BenchmarkConversation is a login with a small file: six commits and one file.
func BenchmarkConversation(b *testing.B) {
	f := serve(b, edition(b, "2024a"), b.TempDir())
	c := f.ready("Ada")
	for b.Loop() {
		c.login()
		c.upload("f", pattern(1000))
		c.want(c.received("f", pattern(1000)))
		c.send(&wire.CRCOK{Name: "f"})
		c.want(c.thanks())
	}
}
