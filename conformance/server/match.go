package server

import (
	"fmt"
	"slices"
	"strings"

	"github.com/onsi/ginkgo/v2"
	"github.com/onsi/gomega"
	"github.com/onsi/gomega/types"

	"github.com/xferspec/xferspec/conformance"
	"github.com/xferspec/xferspec/harness/peer"
	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/wire"
)

// Answer succeeds if a peer.Reply is a well-formed response of one of these types.
func Answer(legal ...spec.MessageType) types.GomegaMatcher { return &legalReply{types: legal} }

// Refuse succeeds if a request was refused in a way that a MUST allows: by
// the general error, by one of the responses named, or by ending the connection.
func Refuse(also ...spec.MessageType) types.GomegaMatcher {
	return &legalReply{types: append(also, spec.TypeError), end: always}
}

// RefuseByAnswer succeeds if a request was refused as a SHOULD wants it: by the
// general error or one of the responses named, and by ending the connection
// only where the edition has no general error.
func RefuseByAnswer(also ...spec.MessageType) types.GomegaMatcher {
	return &legalReply{types: append(also, spec.TypeError), end: withoutError}
}

// Process succeeds if a request was granted by a response of the type, or
// refused as Refuse allows it.
func Process(granted spec.MessageType, refusals ...spec.MessageType) types.GomegaMatcher {
	return Refuse(append(refusals, granted)...)
}

// End succeeds if the connection has ended between two messages.
func End() types.GomegaMatcher { return &legalReply{end: always} }

// Acknowledge succeeds if a reply says that a file has arrived whole.
func Acknowledge(t *peer.Transfer) types.GomegaMatcher {
	return gomega.And(Answer(spec.TypeFileReceived), conformance.Carry("cksum", t.Cksum()))
}

// NotPass succeeds if a faulty transfer did not pass for the file that it was
// made from: it was refused, or answered with the checksum of something else.
func NotPass(t *peer.Transfer) types.GomegaMatcher {
	return &legalReply{types: []spec.MessageType{spec.TypeError, spec.TypeFileReceived}, end: always, wrong: t}
}

// check fails the case unless ok, in the form that the matchers use.
func check(ok bool, expected, actual string, args ...any) {
	ginkgo.GinkgoHelper()
	if !ok {
		ginkgo.Fail(fmt.Sprintf("expected: %s\nactual:   %s", expected, fmt.Sprintf(actual, args...)))
	}
}

// legalReply is the set of legal outcomes of a request.
type legalReply struct {
	types []spec.MessageType
	end   ending         // when ending the connection is one of them
	wrong *peer.Transfer // if set, a checksum has to be another than this file's
}

// ending says when ending the connection is a legal outcome.
type ending uint8

const (
	never ending = iota
	always
	withoutError // only where the edition has no general error
)

func (e ending) legal(ed *spec.Edition) bool {
	return e == always || e == withoutError && !ed.Has(spec.TypeError)
}

func (m *legalReply) Match(actual any) (bool, error) {
	r, ok := actual.(peer.Reply)
	if !ok {
		return false, fmt.Errorf("this looks at a peer.Reply, not at a %T", actual)
	}
	if r.Ended() {
		return m.end.legal(r.Edition), nil
	}
	if file, ok := r.Message.(*wire.FileReceived); ok && m.wrong != nil && file.Cksum == m.wrong.Cksum() {
		return false, nil
	}
	t := typeOf(r)
	return t != spec.TypeUnknown && slices.Contains(m.types, t), nil
}

// typeOf returns the type of a response. A refusal counts as one even if it
// has a payload: that is for the case about ERR-2 to say.
func typeOf(r peer.Reply) spec.MessageType {
	if r.Outcome == peer.Malformed {
		switch t := r.Edition.Response(r.Header.Code); t {
		case spec.TypeError, spec.TypeRegistrationRefused:
			return t
		}
	}
	return r.Type()
}

// list names the legal outcomes with the codes of the reply's edition.
func (m *legalReply) list(ed *spec.Edition) string {
	var legal []string
	for _, t := range m.types {
		if code, ok := ed.Code(t); ok {
			legal = append(legal, fmt.Sprintf("%d %s", code, t))
			if t == spec.TypeFileReceived && m.wrong != nil {
				legal[len(legal)-1] += fmt.Sprintf(" with a cksum other than %d", m.wrong.Cksum())
			}
		}
	}
	if m.end.legal(ed) {
		legal = append(legal, "the end of the connection")
	}
	return strings.Join(legal, ", or ")
}

func (m *legalReply) pointOut(r peer.Reply) {
	if m.wrong != nil && r.Type() == spec.TypeFileReceived {
		conformance.PointOutField(r, "cksum")
		return
	}
	conformance.PointOutFault(r, r.Err)
}

func (m *legalReply) FailureMessage(actual any) string {
	r, _ := actual.(peer.Reply)
	m.pointOut(r)
	return fmt.Sprintf("sent:     %s (source port %d)\nexpected: %s\nactual:   %s", r.Sent, r.Port, m.list(r.Edition), r.What())
}

func (m *legalReply) NegatedFailureMessage(actual any) string {
	r, _ := actual.(peer.Reply)
	return fmt.Sprintf("sent:     %s (source port %d)\nexpected: anything but %s\nactual:   %s", r.Sent, r.Port, m.list(r.Edition), r.What())
}
