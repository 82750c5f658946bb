package cksum_test

import (
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
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

// BenchmarkProgram checksums a file of 1 GiB and has the program cksum do the
// same, in turn. "ratio" is how many times as fast as the program this is, both by
// the fastest round; the reading of the file counts, for both.
func BenchmarkProgram(b *testing.B) {
	path := gibibyte(b)
	var ours, program time.Duration = math.MaxInt64, math.MaxInt64
	b.SetBytes(1 << 30)
	for b.Loop() {
		start := time.Now()
		sum := sumFile(b, path)
		middle := time.Now()
		printed := run(b, nil, "cksum", path)
		ours, program = min(ours, middle.Sub(start)), min(program, time.Since(middle))
		if want := fmt.Sprint(sum, " "); !strings.HasPrefix(printed, want) {
			b.Fatalf("got %s, the program says %s", want, printed)
		}
	}
	b.ReportMetric((1<<30)/ours.Seconds()/1e9, "GB/s")
	b.ReportMetric((1<<30)/program.Seconds()/1e9, "program-GB/s")
	b.ReportMetric(program.Seconds()/ours.Seconds(), "ratio")
}

func gibibyte(b *testing.B) (path string) {
	b.Helper()
	path = filepath.Join(b.TempDir(), "data.bin")
	file, err := os.Create(path)
	if err != nil {
		b.Fatal(err)
	}
	defer file.Close()
	piece := make([]byte, 1<<20)
	for i := range piece {
		piece[i] = byte(i * i >> 8)
	}
	for i := range 1 << 10 {
		piece[i] = byte(i)
		if _, err := file.Write(piece); err != nil {
			b.Fatal(err)
		}
	}
	return path
}

func sumFile(b *testing.B, path string) uint32 {
	b.Helper()
	file, err := os.Open(path)
	if err != nil {
		b.Fatal(err)
	}
	defer file.Close()
	d := newDigest()
	reader := struct{ io.Reader }{file} // only a reader: the buffer is the one given here
	if _, err := io.CopyBuffer(d, reader, make([]byte, 64<<10)); err != nil {
		b.Fatal(err)
	}
	return d.Sum32()
}
