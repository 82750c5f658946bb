package wire

import "github.com/xferspec/xferspec/spec"

// FileReceived answers the last packet of a transfer (FIL-9).
type FileReceived struct {
	Client      ID
	ContentSize uint32 // bytes of ciphertext, as the request said
	Name        string // of the file, as sent
	Cksum       uint32 // POSIX cksum of the plaintext (CRC-1)
}

// Type returns spec.TypeFileReceived.
func (*FileReceived) Type() spec.MessageType { return spec.TypeFileReceived }

func (m *FileReceived) fields(_ *spec.Edition, v visitor) {
	v.id("client id", &m.Client)
	v.u32("content size", &m.ContentSize)
	v.text("file name", &m.Name)
	v.u32("cksum", &m.Cksum)
}
