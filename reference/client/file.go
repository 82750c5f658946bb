package client

import (
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"strings"
	"time"

	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/seal"
	"github.com/xferspec/xferspec/spec/wire"
)

const (
	maxPackets = math.MaxUint16 // packets that a transfer can number (FIL-22)

	// usualContent is the ciphertext of a packet, in bytes, where the edition
	// has packets and leaves their size open.
	usualContent = 1024
)

// outgoing is the file to send.
type outgoing struct {
	file     *os.File
	name     string    // on the wire: the base name of the path (FIL-24)
	size     int64     // bytes, as it was when the file was opened
	modified time.Time // likewise
	left     int64     // bytes that next has not returned yet
}

// openOutgoing opens the file and says what keeps it from being sent: that it is
// no regular file, too large (FIL-22), or has a name that no text field takes.
func openOutgoing(edition *spec.Edition, path string) (*outgoing, error) {
	const remedy = "correct line 3 of transfer.info"
	info, err := os.Stat(path) // before opening: to open a pipe would block
	if err == nil && !info.Mode().IsRegular() {
		err = fmt.Errorf("%s is not a regular file", path)
	}
	if err != nil {
		return nil, fail(err, remedy)
	}
	file, err := os.Open(path)
	if err == nil {
		info, err = file.Stat()
	}
	if err != nil {
		return nil, fail(err, "make the file readable, or "+remedy)
	}
	f := &outgoing{file: file, name: baseName(path), size: info.Size(), modified: info.ModTime()}
	if err := f.check(edition); err != nil {
		f.close()
		return nil, err
	}
	return f, nil
}

func (f *outgoing) check(edition *spec.Edition) error {
	if most := largest(edition); f.size > most {
		return fail(fmt.Errorf("%s has %d bytes, edition %s can send %d at most (FIL-22)", f.name, f.size, edition.Name, most),
			"split the file")
	}
	if f.name == "" {
		return fail(errors.New("the path of the file ends with a separator"), "correct line 3 of transfer.info")
	}
	if _, err := wire.AppendRequest(nil, edition, wire.ID{}, &wire.CRCOK{Name: f.name}); err != nil {
		return fail(err, "rename the file to at most %d characters of printable ASCII", wire.MaxText)
	}
	return nil
}

func (f *outgoing) close() { _ = f.file.Close() }

// rewind goes back to the beginning of the file.
func (f *outgoing) rewind() error {
	_, err := f.file.Seek(0, io.SeekStart)
	f.left = f.size
	return err
}

// next reads on into buf, as much as fits; last says that this was the end of the
// file. A file that is not what it was when it was opened is an error.
func (f *outgoing) next(buf []byte) (plain []byte, last bool, err error) {
	plain = buf[:min(f.left, int64(len(buf)))]
	if _, err := io.ReadFull(f.file, plain); err != nil {
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			return nil, false, f.changed()
		}
		return nil, false, fail(err, "make the file readable and run again")
	}
	f.left -= int64(len(plain))
	if f.left > 0 {
		return plain, false, nil
	}
	info, err := f.file.Stat()
	if err != nil {
		return nil, false, err
	}
	if info.Size() != f.size || !info.ModTime().Equal(f.modified) {
		return nil, false, f.changed()
	}
	return plain, true, nil
}

func (f *outgoing) changed() error {
	return fail(fmt.Errorf("%s changed while it was sent", f.name), "run again when nothing writes to it")
}

// baseName is what follows the last separator of a path. Both kinds count
// everywhere: a backslash in a file name would only be taken for one by a server.
func baseName(path string) string { return path[strings.LastIndexAny(path, `/\`)+1:] }

// packetContent returns the bytes of ciphertext in every packet but the last.
func packetContent(edition *spec.Edition) int64 {
	if edition.PacketContent > 0 {
		return int64(edition.PacketContent)
	}
	return usualContent
}

// largest returns the size of the largest file that an edition can send: its
// ciphertext, at least a byte longer, fills all packets, or the one message.
func largest(edition *spec.Edition) int64 {
	if edition.PacketFields {
		return maxPackets*packetContent(edition) - 1
	}
	fixed, _ := wire.PayloadSize(edition, spec.TypeFile)
	most := int64(math.MaxUint32 - fixed)
	block := seal.CiphertextSize(0)
	return most - most%block - 1
}
