package server

import (
	"fmt"

	"github.com/xferspec/xferspec/reference/store"
	"github.com/xferspec/xferspec/spec/cksum"
	"github.com/xferspec/xferspec/spec/seal"
	"github.com/xferspec/xferspec/spec/wire"
)

// transfer is a file that is arriving, or what remains of one that was refused.
type transfer struct {
	client  wire.ID
	name    string
	refused bool // the fields below are unset

	contentSize  uint32 // bytes of ciphertext, as packet 1 said
	originalSize uint32 // bytes of plaintext, as packet 1 said
	sizeKnown    bool   // whether the edition tells the original size
	total        uint16 // packets, as packet 1 said

	packets uint16 // read so far
	missing uint64 // bytes of ciphertext to come
	written uint64 // bytes of plaintext in file
	fault   error  // why the file could not be written

	decrypter *seal.Decrypter
	plain     *plaintext // of the connection; what of it is this transfer's comes after written
	sum       cksum.Digest
	file      *store.Incoming
}

// newTransfer returns the transfer that packet 1 begins.
func newTransfer(client wire.ID, m *wire.File, sizeKnown bool, decrypter *seal.Decrypter, file *store.Incoming, plain *plaintext) *transfer {
	return &transfer{
		client: client, name: m.Name,
		contentSize: m.ContentSize, originalSize: m.OriginalSize, sizeKnown: sizeKnown, total: m.Total,
		missing:   uint64(m.ContentSize),
		decrypter: decrypter, plain: plain, file: file,
	}
}

// fits says whether a packet with size bytes of content is the next one. t is nil
// where no transfer is under way.
func (t *transfer) fits(m *wire.File, size uint64) error {
	switch {
	case t == nil:
		return refusef("FIL-27", "packet %d without a packet 1", m.Number)
	case m.Number != t.packets+1:
		return refusef("FIL-27", "packet %d, expected %d", m.Number, t.packets+1)
	case m.Total != t.total:
		return refusef("FIL-27", "packet %d is one of %d, packet 1 said %d", m.Number, m.Total, t.total)
	case m.ContentSize != t.contentSize || m.OriginalSize != t.originalSize:
		return refusef("FIL-27", "packet %d has other sizes than packet 1", m.Number)
	case size > t.missing:
		return refusef("FIL-26", "packet %d goes %d bytes beyond the content size", m.Number, size-t.missing)
	case isLast(m) && size < t.missing:
		return refusef("FIL-26", "the last packet ends %d bytes before the content size", t.missing-size)
	}
	return nil
}

// read takes in the content of a packet that fits.
func (t *transfer) read(requests *wire.RequestReader) error {
	for requests.Left() > 0 {
		piece, err := requests.Content()
		if err != nil {
			return &lostError{err}
		}
		t.missing -= uint64(len(piece))
		if err := t.decrypt(piece); err != nil {
			return err
		}
	}
	t.packets++
	return nil
}

// decrypt adds a piece of ciphertext of any length to the file.
func (t *transfer) decrypt(ciphertext []byte) error {
	t.plain.claim(t)
	for len(ciphertext) > 0 {
		n := min(len(ciphertext), t.plain.room())
		t.plain.bytes = t.decrypter.Append(t.plain.bytes, ciphertext[:n])
		ciphertext = ciphertext[n:]
		if t.plain.room() <= 0 {
			if err := t.flush(); err != nil {
				return err
			}
		}
	}
	return nil
}

// flush writes what was decrypted to the file. Its error is also that of every later
// flush.
func (t *transfer) flush() error {
	b := t.plain.bytes
	t.plain.bytes = b[:0]
	if t.fault != nil {
		return t.fault
	}
	_, _ = t.sum.Write(b) // never fails
	if _, err := t.file.Write(b); err != nil {
		t.fault = fmt.Errorf("write a file: %w", err)
	}
	t.written += uint64(len(b))
	return t.fault
}

// finish takes off the padding and checks the whole.
func (t *transfer) finish() error {
	t.plain.claim(t)
	var err error
	if t.plain.bytes, err = t.decrypter.Finish(t.plain.bytes); err != nil {
		return refusef("FIL-26", "%v", err)
	}
	if err := t.flush(); err != nil {
		return err
	}
	if t.sizeKnown && t.written != uint64(t.originalSize) {
		return refusef("FIL-14", "%d bytes decrypted, packet 1 said %d", t.written, t.originalSize)
	}
	return nil
}

// discard ends a transfer that is not complete.
func (t *transfer) discard() {
	if t.refused {
		return
	}
	t.plain.release(t)
	t.file.Discard()
}
