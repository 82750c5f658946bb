package seal_test

import (
	"crypto/aes"
	"crypto/cipher"
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/xferspec/xferspec/spec/seal"
)

// BenchmarkOverhead puts 1 MiB through the standard library's CryptBlocks at once
// and through Append in chunks, in turn, and reports how much longer Append takes:
// the fastest round of each, which on a busy machine is the one nobody disturbed.
// On amd64 both directions have less than no overhead.
func BenchmarkOverhead(b *testing.B) {
	block, err := aes.NewCipher(sequence(32))
	if err != nil {
		b.Fatal(err)
	}
	iv := make([]byte, aes.BlockSize)
	e, d := newEncrypter(b, sequence(32)), newDecrypter(b, sequence(32))
	for _, size := range []int{1024, 64 << 10, 1 << 20} {
		b.Run(fmt.Sprint("encrypt/", size), func(b *testing.B) {
			overhead(b, size, cipher.NewCBCEncrypter(block, iv).CryptBlocks, e.Append)
		})
		b.Run(fmt.Sprint("decrypt/", size), func(b *testing.B) {
			overhead(b, size, cipher.NewCBCDecrypter(block, iv).CryptBlocks, d.Append)
		})
	}
}

func overhead(b *testing.B, size int, standard func(dst, src []byte), push func(dst, src []byte) []byte) {
	data, out := make([]byte, 1<<20), make([]byte, 1<<20)
	ours, theirs := time.Duration(math.MaxInt64), time.Duration(math.MaxInt64)
	for b.Loop() {
		start := time.Now()
		standard(out, data)
		middle := time.Now()
		for at := 0; at < len(data); at += size {
			push(out[at:at], data[at:at+size])
		}
		theirs, ours = min(theirs, middle.Sub(start)), min(ours, time.Since(middle))
	}
	b.ReportMetric(float64(len(data))/ours.Seconds()/1e6, "append-MB/s")
	b.ReportMetric(float64(len(data))/theirs.Seconds()/1e6, "stdlib-MB/s")
	b.ReportMetric(100*(ours.Seconds()/theirs.Seconds()-1), "overhead-%")
}

func BenchmarkGenerateKey(b *testing.B) {
	for b.Loop() {
		if _, err := seal.GenerateKey(); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkWrap(b *testing.B) {
	key := fixedKey(b)
	for b.Loop() {
		if _, err := seal.Wrap(&key.PublicKey, make([]byte, 32)); err != nil {
			b.Fatal(err)
		}
	}
}
