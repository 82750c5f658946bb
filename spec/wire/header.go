package wire

import (
	"encoding/binary"
	"encoding/hex"
	"fmt"

	"github.com/xferspec/xferspec/spec"
)

// Sizes in bytes of what every message is made of.
const (
	IDSize             = 16  // client id
	TextSize           = 255 // text field, its NUL and padding included
	MaxText            = 254 // longest text that leaves room for the NUL (FRM-8)
	RequestHeaderSize  = 23  // FRM-2
	ResponseHeaderSize = 7   // FRM-3
	PublicKeySize      = 160 // KEY-1
	WrappedKeySize     = 128 // an AES key under RSA-1024 (KEY-2)
)

// ID is the 16-byte id by which a server knows a client (REG-3).
type ID [IDSize]byte

// String returns the id as 32 lower-case hexadecimal digits.
func (id ID) String() string { return hex.EncodeToString(id[:]) }

// ParseID reads 32 hexadecimal digits of either case.
func ParseID(text string) (ID, error) {
	var id ID
	if len(text) != 2*IDSize {
		return ID{}, fmt.Errorf("a client id has %d hex digits, this has %d characters", 2*IDSize, len(text))
	}
	if _, err := hex.Decode(id[:], []byte(text)); err != nil {
		return ID{}, fmt.Errorf("client id: %w", err)
	}
	return id, nil
}

// RequestHeader stands before every request: 23 bytes (FRM-2).
type RequestHeader struct {
	Client  ID
	Version uint8
	Code    uint16
	Size    uint32 // bytes of payload that follow (FRM-4)
}

// Append appends the header's bytes to dst.
func (h RequestHeader) Append(dst []byte) []byte {
	dst = append(dst, h.Client[:]...)
	return ResponseHeader{h.Version, h.Code, h.Size}.Append(dst)
}

// parseRequestHeader takes the first 23 bytes of p; shorter input panics.
func parseRequestHeader(p []byte) RequestHeader {
	rest := parseResponseHeader(p[IDSize:RequestHeaderSize])
	return RequestHeader{ID(p[:IDSize]), rest.Version, rest.Code, rest.Size}
}

// ResponseHeader stands before every response: 7 bytes (FRM-3).
type ResponseHeader struct {
	Version uint8
	Code    uint16
	Size    uint32 // bytes of payload that follow (FRM-4)
}

// Append appends the header's bytes to dst.
func (h ResponseHeader) Append(dst []byte) []byte {
	dst = append(dst, h.Version)
	dst = binary.LittleEndian.AppendUint16(dst, h.Code)
	return binary.LittleEndian.AppendUint32(dst, h.Size)
}

// parseResponseHeader takes the first 7 bytes of p; shorter input panics.
func parseResponseHeader(p []byte) ResponseHeader {
	_ = p[ResponseHeaderSize-1]
	return ResponseHeader{p[0], binary.LittleEndian.Uint16(p[1:]), binary.LittleEndian.Uint32(p[3:])}
}

// headerSize returns the length of the header in front of such a message.
func headerSize(request bool) int {
	if request {
		return RequestHeaderSize
	}
	return ResponseHeaderSize
}

// direction is the word for such a message.
func direction(request bool) string {
	if request {
		return "request"
	}
	return "response"
}

// codeOffset and sizeOffset are places in the header that errors point to.
func codeOffset(request bool) int { return headerSize(request) - 6 }
func sizeOffset(request bool) int { return headerSize(request) - 4 }

// unknownCode is the error for a code that the edition does not have (ERR-1; of a response, RTY-4).
func unknownCode(ed *spec.Edition, code uint16, request bool) *Error {
	clause := "ERR-1"
	if !request {
		clause = codeForClients
	}
	return &Error{clause, "code", codeOffset(request), fmt.Sprintf("%d is no %s of edition %s", code, direction(request), ed.Name)}
}
