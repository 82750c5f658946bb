package client

import (
	"sync"

	"github.com/xferspec/xferspec/spec/cksum"
)

// chunkSize is how much of the file is read, encrypted and written at a time, in
// bytes: enough that system calls do not count, little enough to stay in cache.
const chunkSize = 256 << 10

// buffers are what the transfers of a file work in, one after the other. A file of
// one chunk needs one of each kind. For a longer one there are two: while the first
// is encrypted, the other is written and filled again.
type buffers struct {
	plain  [2][]byte // a chunk of the file
	frames [2][]byte // the same encrypted, in packets
}

func (b *buffers) allocate(fileSize int64) {
	size := min(fileSize, chunkSize)
	for i := range 2 {
		if b.frames[i] == nil && (i == 0 || fileSize > chunkSize) {
			b.plain[i] = make([]byte, size)
			b.frames[i] = make([]byte, 0, 2*size+1024) // the heads of packets take a quarter more, at least one
		}
	}
}

// transfer sends the file once, from packet 1 to the last (FIL-1 to FIL-6), and
// returns the checksum of what it read (CRC-1). It does not look for an answer on
// the way: one that comes early is short, waits in the socket's buffer, and is read
// after the last packet, or when the server takes no more.
func (s *session) transfer(f *outgoing, key []byte) (sum uint32, err error) {
	packets, err := newPacker(s.edition, s.me.id, f, key)
	if err != nil {
		return 0, err
	}
	if err := f.rewind(); err != nil {
		return 0, err
	}
	if sum, err = s.stream(f, packets); err != nil {
		return 0, err
	}
	s.console.say("sent %s: %d bytes, packets: %d", f.name, f.size, packets.total)
	return sum, nil
}

// chunk is a piece of the file as it was read.
type chunk struct {
	plain []byte
	last  bool // the end of the file
	err   error
}

// stream sends the file chunk by chunk. Each block of CBC waits for the one before,
// so encryption cannot be divided, and takes longest by far: while a chunk is
// encrypted, the one before is written, and the next is read and summed.
func (s *session) stream(f *outgoing, packets *packer) (sum uint32, err error) {
	s.buffers.allocate(f.size)
	bar := s.console.startBar(f.name, f.size)
	defer bar.clear()
	digest := cksum.New()
	read := func(buf []byte) (c chunk) {
		c.plain, c.last, c.err = f.next(buf)
		_, _ = digest.Write(c.plain) // never fails
		return c
	}
	var beside sync.WaitGroup
	var frames []byte // of the chunk before
	current := read(s.buffers.plain[0])
	for turn := 0; current.err == nil; turn = 1 - turn {
		var next chunk
		var writeErr error
		beside.Go(func() {
			if writeErr = s.write(frames); writeErr == nil && !current.last {
				next = read(s.buffers.plain[1-turn])
			}
		})
		packed := packets.append(s.buffers.frames[turn][:0], current.plain, current.last)
		beside.Wait()
		if writeErr != nil {
			return 0, writeErr
		}
		bar.advance(len(current.plain))
		if current.last {
			return digest.Sum32(), s.write(packed)
		}
		current, frames = next, packed
	}
	return 0, current.err
}
