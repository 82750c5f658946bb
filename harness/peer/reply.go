package peer

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"

	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/wire"
)

// Outcome is what a client saw where it expected a response.
type Outcome uint8

// The outcomes of waiting for a response.
const (
	Answered  Outcome = iota // a well-formed response
	Malformed                // bytes that are no response of the edition
	Closed                   // an orderly close between two messages
	CutOff                   // a close inside a response
	Reset                    // the connection was reset
	Silent                   // nothing within the time allowed
)

// Reply is what came back, whatever it was.
type Reply struct {
	Outcome Outcome
	Header  wire.ResponseHeader
	Message wire.Message // nil unless Answered
	Raw     []byte       // the bytes received for this reply, header included
	Err     error        // why the outcome is not Answered

	Edition *spec.Edition
	Sent    string // what the client had sent last
	Port    int    // the client's source port, to find the exchange in the server's log
}

// Type returns the type of the response, or spec.TypeUnknown.
func (r Reply) Type() spec.MessageType {
	if r.Message == nil {
		return spec.TypeUnknown
	}
	return r.Message.Type()
}

// Field returns the bytes of a field of an Answered reply and its place.
func (r Reply) Field(name string) ([]byte, wire.Field, error) {
	if r.Outcome != Answered {
		return nil, wire.Field{}, fmt.Errorf("no field %q in %s", name, r)
	}
	return fieldOf(r.Edition, r.Type(), r.Raw, len(r.Raw)-wire.ResponseHeaderSize, name)
}

// fieldOf cuts a field out of a message by the edition's layout.
func fieldOf(ed *spec.Edition, t spec.MessageType, raw []byte, payload int, name string) ([]byte, wire.Field, error) {
	for _, f := range wire.Layout(ed, t, payload) {
		if f.Name == name {
			return raw[f.Offset : f.Offset+f.Size], f, nil
		}
	}
	return nil, wire.Field{}, fmt.Errorf("%s has no field %q", t, name)
}

// Ended says whether the server ended the connection between two messages.
func (r Reply) Ended() bool { return r.Outcome == Closed || r.Outcome == Reset }

// String describes the reply and what it replied to, for a failure's message.
func (r Reply) String() string {
	return fmt.Sprintf("%s, after %s (source port %d)", r.What(), r.Sent, r.Port)
}

// What describes the reply in a few words.
func (r Reply) What() string {
	switch r.Outcome {
	case Answered:
		return fmt.Sprintf("%d %s%s", r.Header.Code, r.Type(), responseDetail(r.Message))
	case Malformed:
		return fmt.Sprintf("a malformed response, code %d: %v", r.Header.Code, r.Err)
	case Closed:
		return "an orderly close"
	case CutOff:
		return fmt.Sprintf("a close after %d bytes of a response", len(r.Raw))
	case Reset:
		return fmt.Sprintf("a connection reset (%v)", r.Err)
	default:
		return fmt.Sprintf("nothing (%v)", r.Err)
	}
}

// outcomeOf classifies the error of a read that had got n bytes of a message.
func outcomeOf(err error, n int) Outcome {
	switch {
	case errors.Is(err, os.ErrDeadlineExceeded):
		return Silent
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		if n > 0 {
			return CutOff
		}
		return Closed
	case errors.Is(err, net.ErrClosed):
		return Closed
	default:
		return Reset
	}
}
