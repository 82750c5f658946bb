package wire

import "github.com/xferspec/xferspec/spec"

// CRCOK says that the server's checksum is right (CRC-5).
type CRCOK struct {
	Name string // of the file
}

// CRCBad says that the checksum is wrong and the file follows again (CRC-6).
type CRCBad struct {
	Name string // of the file
}

// CRCAbort says that the checksum is wrong for the fourth time (CRC-7).
type CRCAbort struct {
	Name string // of the file
}

// Type returns spec.TypeCRCOK.
func (*CRCOK) Type() spec.MessageType { return spec.TypeCRCOK }

// Type returns spec.TypeCRCBad.
func (*CRCBad) Type() spec.MessageType { return spec.TypeCRCBad }

// Type returns spec.TypeCRCAbort.
func (*CRCAbort) Type() spec.MessageType { return spec.TypeCRCAbort }

func (m *CRCOK) fields(ed *spec.Edition, v visitor)    { crcFields(ed, v, &m.Name) }
func (m *CRCBad) fields(ed *spec.Edition, v visitor)   { crcFields(ed, v, &m.Name) }
func (m *CRCAbort) fields(ed *spec.Edition, v visitor) { crcFields(ed, v, &m.Name) }

func crcFields(ed *spec.Edition, v visitor, name *string) {
	if ed.RepeatClientID {
		v.repeatID()
	}
	v.text("file name", name)
}
