package cksum_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/xferspec/xferspec/spec/cksum"
)

// newDigest returns a Digest as the interface that it keeps.
func newDigest() hash.Hash32 { return cksum.New() }

// CRC-1: values that the cksum program printed once and for all.
func TestSumOfKnownData(t *testing.T) {
	every := make([]byte, 256)
	for i := range every {
		every[i] = byte(i)
	}
	tests := []struct {
		name string
		data []byte
		want uint32
	}{
		{"nothing", nil, 4294967295},
		{"one letter", []byte("a"), 1220704766},
		{"three letters", []byte("abc"), 1219131554},
		{"the digits", []byte("123456789"), 930766865},
		{"a line", []byte("hello\n"), 3015617425},
		{"one NUL", []byte{0}, 4215202376},
		// The octets of the length 256 are 0 and 1: after NULs alone, the 0 changes nothing.
		{"256 NULs", make([]byte, 256), 4215202376},
		{"every byte value", every, 1313719201},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := cksum.Sum(tt.data); got != tt.want {
				t.Errorf("Sum = %d, want %d", got, tt.want)
			}
			if got := tableSum(tt.data); got != tt.want {
				t.Errorf("the oracle says %d, want %d", got, tt.want)
			}
		})
	}
}

// CRC-1: the lengths stand on both sides of a word, of the buffer and of each
// further octet of the length.
func TestSumAgreesWithTheProgram(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	lengths := []int{
		0, 1, 7, 8, 9, 255, 256, 257, 1023, 1024, 1025,
		65535, 65536, 65537, 1 << 20, 1<<24 - 1, 1 << 24, random.IntN(1 << 20),
	}
	source := rand.NewChaCha8([32]byte{})
	for _, length := range lengths {
		t.Run(fmt.Sprint(length), func(t *testing.T) {
			data := make([]byte, length)
			if _, err := source.Read(data); err != nil {
				t.Fatal(err)
			}
			want := strings.TrimSpace(run(t, data, "cksum"))
			if got := fmt.Sprint(cksum.Sum(data), " ", length); got != want {
				t.Errorf("got %q, the program says %q", got, want)
			}
		})
	}
}

func TestSumChangesNoState(t *testing.T) {
	d := newDigest()
	d.Write([]byte("1234"))
	half := d.Sum32()
	if again := d.Sum32(); again != half {
		t.Errorf("Sum32 = %d, then %d", half, again)
	}
	if want := cksum.Sum([]byte("1234")); half != want {
		t.Errorf("half way: Sum32 = %d, want %d", half, want)
	}
	d.Write([]byte("56789"))
	if got := d.Sum32(); got != 930766865 {
		t.Errorf("Sum32 = %d, want 930766865", got)
	}
	want := binary.BigEndian.AppendUint32([]byte("kept"), 930766865)
	if got := d.Sum([]byte("kept")); !bytes.Equal(got, want) {
		t.Errorf("Sum = %x, want %x", got, want)
	}
}

func TestZeroValueAndReset(t *testing.T) {
	var d hash.Hash32 = new(cksum.Digest)
	d.Write([]byte("something else"))
	d.Reset()
	if got := d.Sum32(); got != 4294967295 {
		t.Errorf("after Reset: Sum32 = %d, want 4294967295", got)
	}
	n, err := d.Write([]byte("123456789"))
	if n != 9 || err != nil {
		t.Errorf("Write = %d, %v, want 9 and no error", n, err)
	}
	if got := d.Sum32(); got != 930766865 {
		t.Errorf("Sum32 = %d, want 930766865", got)
	}
	if d.Size() != 4 || d.BlockSize() != 1 {
		t.Errorf("Size = %d, BlockSize = %d, want 4 and 1", d.Size(), d.BlockSize())
	}
}

func TestWriteAllocatesNothing(t *testing.T) {
	d, data := newDigest(), make([]byte, 64<<10)
	count := testing.AllocsPerRun(10, func() {
		d.Write(data)
		d.Sum32()
	})
	if count != 0 {
		t.Errorf("%v allocations, want none", count)
	}
}
