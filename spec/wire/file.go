package wire

import "github.com/xferspec/xferspec/spec"

// File carries ciphertext: one packet of a file, or the whole file in editions
// without packet fields (FIL-1 to FIL-5).
type File struct {
	ContentSize  uint32 // bytes of ciphertext in the whole transfer (FIL-3)
	OriginalSize uint32 // bytes of plaintext in the whole transfer; only with packet fields
	Number       uint16 // of this packet, from 1; only with packet fields
	Total        uint16 // packets in the transfer; only with packet fields
	Name         string // of the file
	Content      []byte // this packet's ciphertext; a RequestReader leaves it nil and streams it
}

// Type returns spec.TypeFile.
func (*File) Type() spec.MessageType { return spec.TypeFile }

func (m *File) fields(ed *spec.Edition, v visitor) {
	if ed.RepeatClientID {
		v.repeatID()
	}
	v.u32("content size", &m.ContentSize)
	if ed.PacketFields {
		v.u32("original size", &m.OriginalSize)
		v.u16("packet number", &m.Number)
		v.u16("total packets", &m.Total)
	}
	v.text("file name", &m.Name)
	v.rest("content", &m.Content)
}
