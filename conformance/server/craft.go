package server

import (
	"context"
	"fmt"
	"math"

	"github.com/xferspec/xferspec/harness/peer"
	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/wire"
)

// sample returns a well-formed request of a client.
func sample(ctx context.Context, c *peer.Client, t spec.MessageType) wire.Message {
	switch t {
	case spec.TypeRegister:
		return &wire.Register{Name: from(ctx).newName()}
	case spec.TypePublicKey:
		return &wire.PublicKey{Name: c.Name, Key: peer.PublicDER(c.Key)}
	case spec.TypeLogin:
		return &wire.Login{Name: c.Name}
	case spec.TypeFile:
		return &c.NewTransfer("sample.txt", []byte("sample"), peer.DefaultPacket).Packets[0]
	case spec.TypeCRCOK:
		return &wire.CRCOK{Name: "sample.txt"}
	case spec.TypeCRCBad:
		return &wire.CRCBad{Name: "sample.txt"}
	default:
		return &wire.CRCAbort{Name: "sample.txt"}
	}
}

// code returns the code of a message that every edition has.
func code(ed *spec.Edition, t spec.MessageType) uint16 {
	code, ok := ed.Code(t)
	if !ok {
		panic(fmt.Sprintf("server: edition %s has no %s", ed.Name, t))
	}
	return code
}

// unknownCodes are codes that no request of the edition has: 0, one below and
// one above those of the requests, that of a response, and 65535.
func unknownCodes(ed *spec.Edition) []uint16 {
	first, last := uint16(math.MaxUint16), uint16(0)
	for _, t := range spec.RequestTypes() {
		if code, ok := ed.Code(t); ok {
			first, last = min(first, code), max(last, code)
		}
	}
	return []uint16{0, first - 1, last + 1, code(ed, spec.TypeRegistered), math.MaxUint16}
}

// frame returns a request with any code and payload.
func frame(c *peer.Client, code uint16, payload []byte) []byte {
	h := wire.RequestHeader{Client: c.ID, Version: c.Edition.Version, Code: code, Size: uint32(len(payload))}
	return append(h.Append(nil), payload...)
}

// ask sends a request with any code and no payload and waits for the answer.
func ask(c *peer.Client, code uint16) peer.Reply {
	c.SendBytes(frame(c, code, nil))
	return c.Receive()
}

// withText returns a request whose text field begins with these bytes.
func withText(c *peer.Client, m wire.Message, field, text string) []byte {
	f := c.Frame(m)
	if err := f.PutBytes(field, []byte(text)); err != nil {
		panic("server: " + err.Error())
	}
	return f.Bytes
}

// withVersion returns a request of another version.
func withVersion(c *peer.Client, m wire.Message, version uint64) []byte {
	f := c.Frame(m)
	if err := f.PutUint("version", version); err != nil {
		panic("server: " + err.Error())
	}
	return f.Bytes
}
