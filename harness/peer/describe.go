package peer

import (
	"encoding/binary"
	"fmt"

	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/wire"
)

// describe says in a few words what bytes a client sends: the first request in
// them, and how much there is beyond it.
func describe(ed *spec.Edition, b []byte) string {
	if len(b) < wire.RequestHeaderSize {
		return fmt.Sprintf("%d bytes of a header", len(b))
	}
	code := binary.LittleEndian.Uint16(b[17:])
	size := uint64(binary.LittleEndian.Uint32(b[19:]))
	text := fmt.Sprintf("%d %s", code, ed.Request(code))
	have := uint64(len(b) - wire.RequestHeaderSize)
	switch {
	case have < size:
		return fmt.Sprintf("%s with %d of %d bytes of payload", text, have, size)
	case have > size:
		return fmt.Sprintf("%s and %d bytes more", text, have-size)
	}
	_, m, err := wire.DecodeRequest(ed, b)
	if err != nil {
		return fmt.Sprintf("%s with %d bytes of payload", text, size)
	}
	return text + detail(ed, m)
}

func detail(ed *spec.Edition, m wire.Message) string {
	switch m := m.(type) {
	case *wire.Register:
		return fmt.Sprintf(" %q", m.Name)
	case *wire.PublicKey:
		return fmt.Sprintf(" for %q", m.Name)
	case *wire.Login:
		return fmt.Sprintf(" %q", m.Name)
	case *wire.File:
		if ed.PacketFields {
			return fmt.Sprintf(" %q, packet %d of %d with %d bytes", m.Name, m.Number, m.Total, len(m.Content))
		}
		return fmt.Sprintf(" %q with %d bytes", m.Name, len(m.Content))
	case *wire.CRCOK:
		return fmt.Sprintf(" %q", m.Name)
	case *wire.CRCBad:
		return fmt.Sprintf(" %q", m.Name)
	case *wire.CRCAbort:
		return fmt.Sprintf(" %q", m.Name)
	}
	return ""
}

// responseDetail says of a response what a case's failure is most likely about.
func responseDetail(m wire.Message) string {
	if m, ok := m.(*wire.FileReceived); ok {
		return fmt.Sprintf(" %q with cksum %d", m.Name, m.Cksum)
	}
	return ""
}
