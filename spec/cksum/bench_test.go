package cksum_test

import (
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/xferspec/xferspec/spec/cksum"
)

// BenchmarkRatio times Digest and the table version in turn, and reports the
// fastest round of each: on a busy machine that is the one nobody disturbed.
func BenchmarkRatio(b *testing.B) {
	data := make([]byte, 1<<20)
	d := newDigest()
	var sum uint32
	ours, plain := time.Duration(math.MaxInt64), time.Duration(math.MaxInt64)
	for b.Loop() {
		start := time.Now()
		d.Write(data)
		middle := time.Now()
		sum = tableSum(data)
		ours, plain = min(ours, middle.Sub(start)), min(plain, time.Since(middle))
	}
	if sum != cksum.Sum(data) {
		b.Fatal("the two disagree")
	}
	size := float64(len(data))
	b.ReportMetric(size/ours.Seconds()/1e9, "GB/s")
	b.ReportMetric(size/plain.Seconds()/1e9, "table-GB/s")
	b.ReportMetric(plain.Seconds()/ours.Seconds(), "ratio")
}

func BenchmarkWrite(b *testing.B) {
	for _, size := range []int{16, 1024, 64 << 10, 1 << 20} {
		b.Run(fmt.Sprint(size), func(b *testing.B) {
			d, data := newDigest(), make([]byte, size)
			b.SetBytes(int64(size))
			b.ReportAllocs()
			for b.Loop() {
				d.Write(data)
			}
		})
	}
}
