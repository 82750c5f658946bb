package reference_test

import (
	"crypto/aes"
	"crypto/cipher"
	"os"
	"testing"
	"time"
)

// BenchmarkTransfer64MiB takes the largest file of 2024a, a kibibyte short of 64
// MiB, from client to server over loopback: a whole run of a client that is known
// already, from reading transfer.info to the server's thanks. "CBC-ms" is what the
// standard library takes to encrypt the same bytes in the same run, "ratio" how
// many times that the transfer takes.
func BenchmarkTransfer64MiB(b *testing.B) {
	edition := defaultEdition(b)
	path := randomFile(b, largest, 1)
	addr, _ := startServer(b, edition, b.TempDir())
	dir := writeOutbox(b, addr, "Ada Lovelace", path)
	mustSend(b, edition, dir) // registers, and warms the page cache
	plain, err := os.ReadFile(path)
	if err != nil {
		b.Fatal(err)
	}
	plain = append(plain, 1) // the padding
	ciphertext := make([]byte, len(plain))

	var partner, transfer time.Duration
	b.SetBytes(largest)
	for b.Loop() {
		b.StopTimer()
		partner += encrypt(b, ciphertext, plain)
		b.StartTimer()
		started := time.Now()
		mustSend(b, edition, dir)
		transfer += time.Since(started)
	}
	b.ReportMetric(float64(partner.Milliseconds())/float64(b.N), "CBC-ms")
	b.ReportMetric(float64(transfer)/float64(partner), "ratio")
}

// encrypt says how long AES-CBC takes.
func encrypt(b *testing.B, dst, src []byte) time.Duration {
	b.Helper()
	block, err := aes.NewCipher(make([]byte, 32))
	if err != nil {
		b.Fatal(err)
	}
	started := time.Now()
	cipher.NewCBCEncrypter(block, make([]byte, aes.BlockSize)).CryptBlocks(dst, src)
	return time.Since(started)
}
