package wire

import "github.com/xferspec/xferspec/spec"

// Message is one of the structs of this package, by pointer.
type Message interface {
	// Type says which message it is.
	Type() spec.MessageType
	// fields shows the payload's fields to v in the order in which they travel.
	fields(ed *spec.Edition, v visitor)
}

// visitor is shown the fields of a message, one after the other. It may read
// them (encoding), fill them (decoding) or only look at names and sizes (layout).
type visitor interface {
	id(name string, v *ID)
	u16(name string, v *uint16)
	u32(name string, v *uint32)
	text(name string, v *string)
	// fixed is a field of exactly size bytes.
	fixed(name, clause string, v *[]byte, size int)
	// rest takes all bytes up to the end of the payload.
	rest(name string, v *[]byte)
	// repeatID is the client id of the header, a second time.
	repeatID()
}

// New returns an empty message of that type, or nil for TypeUnknown.
func New(t spec.MessageType) Message {
	switch t {
	case spec.TypeUnknown:
	case spec.TypeRegister:
		return &Register{}
	case spec.TypePublicKey:
		return &PublicKey{}
	case spec.TypeLogin:
		return &Login{}
	case spec.TypeFile:
		return &File{}
	case spec.TypeCRCOK:
		return &CRCOK{}
	case spec.TypeCRCBad:
		return &CRCBad{}
	case spec.TypeCRCAbort:
		return &CRCAbort{}
	case spec.TypeRegistered:
		return &Registered{}
	case spec.TypeRegistrationRefused:
		return &RegistrationRefused{}
	case spec.TypeKeyAccepted:
		return &KeyAccepted{}
	case spec.TypeFileReceived:
		return &FileReceived{}
	case spec.TypeThanks:
		return &Thanks{}
	case spec.TypeLoginAccepted:
		return &LoginAccepted{}
	case spec.TypeLoginRefused:
		return &LoginRefused{}
	case spec.TypeError:
		return &GeneralError{}
	}
	return nil
}
