package client

import "github.com/xferspec/xferspec/spec/cksum"

// chunkSize is how much of the file is read, encrypted and written at a time, in
// bytes: enough that system calls do not count, little enough to stay in cache.
const chunkSize = 256 << 10

// buffers are what transfers work in, one after the other.
type buffers struct {
	plain  []byte // a chunk of the file
	frames []byte // the same encrypted, in packets
}

func (b *buffers) allocate() {
	if b.plain == nil {
		b.plain = make([]byte, chunkSize)
		b.frames = make([]byte, 0, 2*chunkSize) // the heads of packets take a quarter more
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

// stream sends the file chunk by chunk.
func (s *session) stream(f *outgoing, packets *packer) (sum uint32, err error) {
	s.buffers.allocate()
	bar := s.console.startBar(f.name, f.size)
	defer bar.clear()
	digest := cksum.New()
	for last := false; !last; {
		var plain []byte
		if plain, last, err = f.next(s.buffers.plain); err != nil {
			return 0, err
		}
		_, _ = digest.Write(plain) // never fails
		s.buffers.frames = packets.append(s.buffers.frames[:0], plain, last)
		if err := s.write(s.buffers.frames); err != nil {
			return 0, err
		}
		bar.advance(len(plain))
	}
	return digest.Sum32(), nil
}
