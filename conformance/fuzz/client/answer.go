package client

import (
	"encoding/binary"
	"slices"
	"sync"
	"time"

	"github.com/xferspec/xferspec/harness/peer"
	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/seal"
	"github.com/xferspec/xferspec/spec/wire"
)

// sense is what an answer means for what the client does next.
type sense uint8

const (
	granted   sense = iota // the right answer
	differs                // 1603 with another checksum
	refusal                // an error response
	unknown                // 1606
	ended                  // the connection has ended
	ambiguous              // the text leaves open what the client makes of it
)

// said is one answer, as the client got it.
type said struct {
	to      spec.MessageType
	sense   sense
	message wire.Message // the right one
	deed    string       // of the rule; "" if there was none
}

// script answers as a plan says, and notes what it answered.
type script struct {
	plan Plan

	mu    sync.Mutex
	count map[spec.MessageType]int
	said  []said
}

// rules are those of the peer: one for each request that is answered.
func (s *script) rules() (all []peer.Rule) {
	for _, t := range append(spec.RequestTypes(), spec.TypeUnknown) {
		all = append(all, peer.Rule{On: t, From: 1, To: peer.Always, Do: func(ed *spec.Edition, a *peer.Answer) { s.answer(t, ed, a) }})
	}
	return all
}

// answer changes the right answer to a request.
func (s *script) answer(t spec.MessageType, ed *spec.Edition, a *peer.Answer) {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := s.count[t]
	s.count[t]++
	done := said{to: t, sense: senseOf(a), message: a.Message}
	for _, r := range s.plan.Rules {
		if r.On == t.String() && n >= r.From && n <= r.From+r.Times && done.sense == granted {
			done.deed = r.Do
			done.sense = do(r.Do, ed, a)
			break
		}
	}
	s.said = append(s.said, done)
}

// senseOf is that of an answer which no rule has changed.
func senseOf(a *peer.Answer) sense {
	if a.Close {
		return ended
	}
	switch a.Message.(type) {
	case *wire.GeneralError, *wire.RegistrationRefused:
		return refusal
	case *wire.LoginRefused:
		return unknown
	}
	return granted
}

// do does to an answer what a rule says.
func do(deed string, ed *spec.Edition, a *peer.Answer) sense {
	frame := func(change func(b []byte) []byte) {
		if b, err := wire.AppendResponse(nil, ed, a.Message); a.Message != nil && err == nil {
			a.Bytes = change(b)
		}
	}
	switch deed {
	case slowly:
		a.Pieces, a.Gap = 5, 5*time.Millisecond
		return granted
	case bytewise:
		a.Pieces = 1
		return granted
	case refuse:
		peer.Refuse(ed, a)
		return refusal
	case wrongSum:
		peer.WrongCksum(ed, a)
		return differs
	case forget:
		if m, ok := a.Message.(*wire.LoginAccepted); ok {
			*a = peer.Answer{Message: &wire.LoginRefused{Client: m.Client}}
			return unknown
		}
		return granted
	case hangUp:
		peer.HangUp(ed, a)
		return ended
	case hangUpHard:
		peer.HangUpHard(ed, a)
		return ended
	case cutOff:
		frame(func(b []byte) []byte { return b[:len(b)/2] })
		a.Close = true
		return ended
	case strange:
		a.Bytes = wire.ResponseHeader{Version: ed.Version, Code: 9999}.Append(nil)
	case other:
		a.Message = &wire.Thanks{}
	case version:
		frame(func(b []byte) []byte { b[0]++; return b })
	case otherID:
		frame(func(b []byte) []byte { b[wire.ResponseHeaderSize] ^= 1; return b })
	case oversize:
		frame(func(b []byte) []byte { binary.LittleEndian.PutUint32(b[3:], 1<<32-1); return b })
		a.Close = true
	case undersize, surplus:
		frame(func(b []byte) []byte {
			if deed == surplus {
				b = append(b, 0)
			} else {
				b = b[:max(len(b)-1, wire.ResponseHeaderSize)]
			}
			binary.LittleEndian.PutUint32(b[3:], uint32(len(b)-wire.ResponseHeaderSize))
			return b
		})
	case badKey, shortKey:
		spoilKey(deed, ed, a)
	}
	return ambiguous
}

// spoilKey replaces the wrapped key of an answer.
func spoilKey(deed string, ed *spec.Edition, a *peer.Answer) {
	wrapped := make([]byte, seal.WrappedSize)
	if deed == shortKey && a.To.Key != nil {
		if b, err := seal.Wrap(a.To.Key, make([]byte, ed.KeySize()-1)); err == nil {
			wrapped = b
		}
	}
	switch m := a.Message.(type) {
	case *wire.KeyAccepted:
		a.Message = &wire.KeyAccepted{Client: m.Client, Wrapped: slices.Clone(wrapped)}
	case *wire.LoginAccepted:
		a.Message = &wire.LoginAccepted{Client: m.Client, Wrapped: slices.Clone(wrapped)}
	}
}
