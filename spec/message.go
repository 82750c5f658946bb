package spec

import "fmt"

// MessageType names a message independently of the code that an edition gives it.
type MessageType uint8

// The messages of the protocol: seven requests, then eight responses.
const (
	TypeUnknown MessageType = iota

	TypeRegister  // a name to register
	TypePublicKey // an RSA public key for the registered name
	TypeLogin     // a name that was registered before
	TypeFile      // a packet of a file, or the whole file where the edition has no packets
	TypeCRCOK     // the checksums agree
	TypeCRCBad    // they do not, the file follows again
	TypeCRCAbort  // they do not for the fourth time

	TypeRegistered
	TypeRegistrationRefused
	TypeKeyAccepted
	TypeFileReceived
	TypeThanks
	TypeLoginAccepted
	TypeLoginRefused
	TypeError

	typeCount
)

// typeNames are the keys of the tables "requests" and "responses" in editions/*.yaml.
var typeNames = [typeCount]string{
	TypeUnknown:             "unknown",
	TypeRegister:            "register",
	TypePublicKey:           "public-key",
	TypeLogin:               "login",
	TypeFile:                "file",
	TypeCRCOK:               "crc-ok",
	TypeCRCBad:              "crc-bad",
	TypeCRCAbort:            "crc-abort",
	TypeRegistered:          "registered",
	TypeRegistrationRefused: "registration-refused",
	TypeKeyAccepted:         "key-accepted",
	TypeFileReceived:        "file-received",
	TypeThanks:              "thanks",
	TypeLoginAccepted:       "login-accepted",
	TypeLoginRefused:        "login-refused",
	TypeError:               "error",
}

// String returns the name that the editions' tables use, such as "crc-ok".
func (t MessageType) String() string {
	if t < typeCount {
		return typeNames[t]
	}
	return fmt.Sprintf("message type %d", uint8(t))
}

// IsRequest says whether a client sends this message.
func (t MessageType) IsRequest() bool { return t >= TypeRegister && t <= TypeCRCAbort }

// IsResponse says whether a server sends this message.
func (t MessageType) IsResponse() bool { return t >= TypeRegistered && t < typeCount }

// RequestTypes returns the requests in the order of the protocol's table.
func RequestTypes() []MessageType { return typeRange(TypeRegister, TypeCRCAbort) }

// ResponseTypes returns the responses in the order of the protocol's table.
func ResponseTypes() []MessageType { return typeRange(TypeRegistered, TypeError) }

func typeRange(first, last MessageType) []MessageType {
	var types []MessageType
	for t := first; t <= last; t++ {
		types = append(types, t)
	}
	return types
}
