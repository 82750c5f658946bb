package peer

import (
	"fmt"
	"time"

	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/wire"
)

// Request is one request as it reached a Server.
type Request struct {
	Conn    int // which connection, from 1
	At      time.Time
	Header  wire.RequestHeader
	Message wire.Message // nil if Err is not
	Raw     []byte       // the whole frame, or less if its header cannot be right
	Err     error        // why the bytes are no request of the edition
	Answer  string       // what the server answered, in words; empty for a packet before the last

	Edition *spec.Edition
	Adrift  bool // where the next request begins is not known
}

// Type returns the type of the request, or spec.TypeUnknown.
func (r Request) Type() spec.MessageType {
	if r.Message == nil {
		return spec.TypeUnknown
	}
	return r.Message.Type()
}

// Meant returns the type that the request's code stands for, even where the
// request is malformed otherwise.
func (r Request) Meant() spec.MessageType { return r.Edition.Request(r.Header.Code) }

// Field returns the bytes of a field of a well-formed request and its place.
func (r Request) Field(name string) ([]byte, wire.Field, error) {
	if r.Message == nil {
		return nil, wire.Field{}, fmt.Errorf("no field %q in %s", name, r)
	}
	return fieldOf(r.Edition, r.Type(), r.Raw, len(r.Raw)-wire.RequestHeaderSize, name)
}

// String describes the request, for a failure's message.
func (r Request) String() string {
	if r.Err != nil {
		return fmt.Sprintf("a malformed request, code %d: %v", r.Header.Code, r.Err)
	}
	return describe(r.Edition, r.Raw)
}
