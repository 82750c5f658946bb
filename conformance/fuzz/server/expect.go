package server

import (
	"errors"
	"fmt"
	"slices"

	"github.com/xferspec/xferspec/conformance/fuzz"
	"github.com/xferspec/xferspec/harness/peer"
	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/wire"
)

// legal is a set of legal outcomes of a request.
type legal struct {
	clause  string // that is broken by any other
	answers []answer
	end     bool // of the connection
}

// answer is a response that is legal if it is right.
type answer struct {
	t     spec.MessageType
	note  string // what has to be in it, in words
	right func(m wire.Message) *flaw
}

// flaw is what is wrong with a response of a legal type.
type flaw struct{ clause, what string }

// one is the set of one response.
func one(clause string, a answer) legal { return legal{clause: clause, answers: []answer{a}} }

// plain is a response of which the type says all.
func plain(t spec.MessageType) answer { return answer{t: t} }

// refused is the set of the ways to refuse a request: an error response, those
// that belong to the request, and the end of the connection.
func refused(clause string, also ...spec.MessageType) legal {
	l := legal{clause: clause, end: true}
	for _, t := range append([]spec.MessageType{spec.TypeError}, also...) {
		l.answers = append(l.answers, plain(t))
	}
	return l
}

// or adds a response to the set.
func (l legal) or(a ...answer) legal {
	l.answers = append(slices.Clone(l.answers), a...)
	return l
}

// typeOf is the type of a reply. A refusal with a payload is one all the same.
func typeOf(r peer.Reply) spec.MessageType {
	if r.Outcome == peer.Malformed {
		if t := r.Edition.Response(r.Header.Code); t == spec.TypeError || t == spec.TypeRegistrationRefused {
			return t
		}
	}
	return r.Type()
}

// judge returns what is wrong with a reply, nil if it is one of the set.
func (l legal) judge(r peer.Reply) *fuzz.Finding {
	if r.Ended() && l.end {
		return nil
	}
	clause, actual := l.clause, r.What()
	t := typeOf(r)
	for _, a := range l.answers {
		if t == spec.TypeUnknown || a.t != t {
			continue
		}
		flaw := wellFormed(r)
		if flaw == nil && a.right != nil {
			flaw = a.right(r.Message)
		}
		if flaw == nil {
			return nil
		}
		clause, actual = flaw.clause, actual+", "+flaw.what
	}
	switch broken, ok := errors.AsType[*wire.Error](r.Err); {
	case r.Outcome == peer.Malformed && ok && t == spec.TypeUnknown && r.Edition.Response(r.Header.Code) != spec.TypeUnknown:
		clause = broken.Clause
	case r.Outcome == peer.CutOff:
		clause = "FRM-4"
	case r.Ended():
		clause = "FRM-6"
	}
	return &fuzz.Finding{Clause: clause, Sent: r.Sent, Expected: l.words(r.Edition), Actual: actual, Weak: r.Outcome == peer.Silent}
}

// wellFormed looks at what holds for every response.
func wellFormed(r peer.Reply) *flaw {
	if r.Header.Version != r.Edition.Version {
		return &flaw{"VER-1", fmt.Sprintf("with version %d", r.Header.Version)}
	}
	if r.Outcome == peer.Malformed {
		return &flaw{"ERR-2", "with a payload"}
	}
	return nil
}

// words lists the set.
func (l legal) words(ed *spec.Edition) []string {
	var all []string
	for _, a := range l.answers {
		code, ok := ed.Code(a.t)
		if !ok {
			continue
		}
		text := fmt.Sprintf("%d %s", code, a.t)
		if a.note != "" {
			text += " " + a.note
		}
		all = append(all, text)
	}
	if l.end {
		all = append(all, "the end of the connection")
	}
	if len(all) == 0 {
		return []string{"no answer"}
	}
	return all
}

// isRefusal says whether a reply refuses a request.
func isRefusal(r peer.Reply) bool {
	switch typeOf(r) {
	case spec.TypeError, spec.TypeRegistrationRefused, spec.TypeLoginRefused:
		return true
	}
	return r.Ended()
}
