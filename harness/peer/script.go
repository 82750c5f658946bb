package peer

import (
	"crypto/rsa"
	"fmt"
	"time"

	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/wire"
)

// Script says how a Server departs from the protocol, and whom it knows from
// before. The zero Script is a server that follows the protocol.
type Script struct {
	Rules []Rule
	Known []Account

	Record bool // keep a transcript of every connection
}

// Account is a client that registered at an earlier time.
type Account struct {
	Name string
	ID   wire.ID
	Key  *rsa.PublicKey // nil: it never sent one
}

// Rule replaces the answers to some occurrences of one request.
type Rule struct {
	On     spec.MessageType
	From   int    // first occurrence that the rule is about, from 1
	To     int    // last one; 0 is From, Always is for ever
	Packet uint16 // of a transfer, not its last one but that of this number; 0 for the last one
	Do     Action // what to make of the answer
}

// Always as Rule.To makes a rule hold from its first occurrence on.
const Always = -1

// covers says whether the rule is about the nth occurrence of a request. Of
// file packets only those count that have an answer: the last of a transfer.
// For one that has none, number is its own.
func (r Rule) covers(t spec.MessageType, n int, number uint16) bool {
	if r.On != t || r.Packet != number || n < r.From {
		return false
	}
	return r.To == Always || n <= max(r.To, r.From)
}

// Answer is what a Server is about to say; an Action may change it.
type Answer struct {
	Message wire.Message  // nil: nothing is answered
	To      Account       // whom a key is handed out to
	Bytes   []byte        // sent instead of Message, if not nil
	Pieces  int           // bytes per write; 0 is all at once
	Gap     time.Duration // between two writes
	Close   bool          // close afterwards, in order
	Reset   bool          // reset afterwards
}

// describe says in a few words what is answered.
func (a Answer) describe(ed *spec.Edition) string {
	text := "nothing"
	if a.Message != nil {
		code, _ := ed.Code(a.Message.Type())
		text = fmt.Sprintf("%d %s%s", code, a.Message.Type(), responseDetail(a.Message))
	}
	switch {
	case a.Bytes != nil:
		text = fmt.Sprintf("%d bytes made of %s", len(a.Bytes), text)
	case a.Pieces > 0:
		text += fmt.Sprintf(" in pieces of %d bytes", a.Pieces)
	}
	switch {
	case a.Close:
		text += ", connection closed"
	case a.Reset:
		text += ", connection reset"
	}
	return text
}

// Action changes an answer.
type Action func(ed *spec.Edition, a *Answer)

// Respond answers with another message.
func Respond(m wire.Message) Action {
	return func(_ *spec.Edition, a *Answer) { a.Message = m }
}

// Refuse answers with an error response that the client knows in every state.
func Refuse(ed *spec.Edition, a *Answer) {
	*a = Answer{Message: &wire.RegistrationRefused{}}
	if ed.Has(spec.TypeError) {
		a.Message = &wire.GeneralError{}
	}
}

// Change answers with the bytes that f makes of the right answer. It leaves an
// answer alone that is not of the type.
func Change(t spec.MessageType, f func(b []byte) []byte) Action {
	return func(ed *spec.Edition, a *Answer) {
		if a.Message == nil || a.Message.Type() != t {
			return
		}
		b, err := wire.AppendResponse(nil, ed, a.Message)
		if err != nil {
			panic("peer: the right answer does not encode: " + err.Error())
		}
		a.Bytes = f(b)
	}
}

// WrongCksum flips the bits of the checksum in the answer to a file.
func WrongCksum(_ *spec.Edition, a *Answer) {
	if m, ok := a.Message.(*wire.FileReceived); ok {
		wrong := *m
		wrong.Cksum = ^wrong.Cksum
		a.Message = &wrong
	}
}

// Hush answers nothing and keeps the connection.
func Hush(_ *spec.Edition, a *Answer) { *a = Answer{} }

// HangUp closes the connection in order instead of answering.
func HangUp(_ *spec.Edition, a *Answer) { *a = Answer{Close: true} }

// HangUpHard resets the connection instead of answering.
func HangUpHard(_ *spec.Edition, a *Answer) { *a = Answer{Reset: true} }

// InPieces sends the answer in writes of n bytes, so far apart that the client
// can read each by itself.
func InPieces(n int, gap time.Duration) Action {
	return func(_ *spec.Edition, a *Answer) { a.Pieces, a.Gap = n, gap }
}
