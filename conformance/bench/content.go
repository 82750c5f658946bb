package bench

import (
	"fmt"
	"math"
	"math/rand/v2"

	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/cksum"
	"github.com/xferspec/xferspec/spec/seal"
	"github.com/xferspec/xferspec/spec/wire"
)

// usualContent is the ciphertext of a packet, in bytes, where the edition has
// packets and leaves their size open.
const usualContent = 1024

// content is what all files of one size consist of.
type content struct {
	plain []byte
	sum   uint32 // its checksum (CRC-1)
}

// newContents makes files of random bytes of these sizes, the same ones in every
// run. They share their memory.
func newContents(sizes []int64) map[int64]content {
	var most int64
	for _, size := range sizes {
		most = max(most, size)
	}
	all := make([]byte, most)
	_, _ = rand.NewChaCha8([32]byte([]byte("xferspec bench: the same each run"))).Read(all) // never fails
	contents := map[int64]content{}
	for _, size := range sizes {
		contents[size] = content{all[:size:size], cksum.Sum(all[:size])}
	}
	return contents
}

// LargestFile returns the size in bytes of the largest file that an edition can
// send: its ciphertext, at least a byte longer, fills all packets, or the one message.
func LargestFile(ed *spec.Edition) int64 {
	if ed.PacketFields {
		return math.MaxUint16*packetContent(ed) - 1
	}
	return math.MaxUint32 &^ 0xFFF // about: the fields before the content take some bytes
}

func packetContent(ed *spec.Edition) int64 {
	if ed.PacketContent > 0 {
		return int64(ed.PacketContent)
	}
	return usualContent
}

// frames are all packets of a file, ready to be sent. Their name can be changed.
type frames struct {
	bytes []byte
	names []int // where in bytes the names begin
	cksum uint32
	size  uint32 // of the ciphertext, in bytes
	plain int
}

// Files are named by numbers below nameCount, so that all names have the same length.
const (
	nameFormat = "file-%06d.bin"
	nameCount  = 1_000_000
)

// newFrames encrypts a file under a key and cuts it into packets.
func newFrames(ed *spec.Edition, id wire.ID, key []byte, c content) (*frames, error) {
	encrypter, err := seal.NewEncrypter(key)
	if err != nil {
		return nil, err
	}
	size := seal.CiphertextSize(int64(len(c.plain)))
	each, total := size, int64(1)
	if ed.PacketFields {
		each = packetContent(ed)
		total = (size + each - 1) / each
	}
	first, _ := wire.PayloadSize(ed, spec.TypeFile)
	f := &frames{cksum: c.sum, size: uint32(size), plain: len(c.plain)}
	f.bytes = make([]byte, 0, size+total*int64(wire.RequestHeaderSize+first))
	packet := wire.File{ContentSize: f.size, OriginalSize: uint32(len(c.plain)), Total: uint16(total), Name: fmt.Sprintf(nameFormat, 0)}
	nameAt := fieldOffset(ed, spec.TypeFile, "file name")
	for plain := c.plain; packet.Number < packet.Total; {
		packet.Number++
		length := min(each, size-int64(packet.Number-1)*each)
		f.names = append(f.names, len(f.bytes)+nameAt)
		if f.bytes, err = wire.AppendFileHead(f.bytes, ed, id, &packet, int(length)); err != nil {
			return nil, fmt.Errorf("encode a packet: %w", err)
		}
		piece := plain[:min(int64(len(plain)), length)]
		plain = plain[len(piece):]
		f.bytes = encrypter.Append(f.bytes, piece)
	}
	f.bytes = encrypter.Finish(f.bytes)
	return f, nil
}

// rename gives the file its nth name, and returns it.
func (f *frames) rename(n int) string {
	name := fmt.Sprintf(nameFormat, n)
	for _, at := range f.names {
		copy(f.bytes[at:], name)
	}
	return name
}

// fieldOffset returns where in a message a field is; it panics if there is none.
func fieldOffset(ed *spec.Edition, t spec.MessageType, name string) int {
	for _, field := range wire.Layout(ed, t, 0) {
		if field.Name == name {
			return field.Offset
		}
	}
	panic(fmt.Sprintf("bench: %s has no field %q", t, name))
}
