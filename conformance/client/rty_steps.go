package client

import (
	"context"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	. "github.com/xferspec/xferspec/conformance"
	"github.com/xferspec/xferspec/harness/peer"
	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/wire"
)

// Servers that answer one kind of request with an error, every time.
var (
	taken = newScenario("taken", caseRegister, func(s *stage) {
		s.answers(spec.TypeRegister, always, peer.Respond(&wire.RegistrationRefused{}))
	})
	registerRefused = refusing("register-refused", spec.TypeRegister)
	keyRefused      = refusing("key-refused", spec.TypePublicKey)
	loginRefused    = refusing("login-refused", spec.TypeLogin)
	fileRefused     = refusing("file-refused", spec.TypeFile)
	okRefused       = refusing("crc-ok-refused", spec.TypeCRCOK)
	abortRefused    = newScenario("crc-abort-refused", caseSuccess, func(s *stage) {
		s.answers(spec.TypeFile, always, peer.WrongCksum)
		s.answers(spec.TypeCRCAbort, always, peer.Refuse)
	})
)

func refusing(name string, request spec.MessageType) *scenario {
	return at(request, name, func(s *stage) { s.answers(request, always, peer.Refuse) })
}

// at declares a scenario in which something happens to a request, for clients
// that get so far. A login is made by a client that comes back.
func at(request spec.MessageType, name string, setup func(s *stage)) *scenario {
	switch request {
	case spec.TypeRegister:
		return newScenario(name, caseRegister, setup)
	case spec.TypePublicKey:
		return newScenario(name, caseKey, setup)
	case spec.TypeLogin:
		return fresh.then(name, caseReturn, setup)
	case spec.TypeFile:
		return newScenario(name, caseFile, setup)
	default:
		return newScenario(name, caseSuccess, setup)
	}
}

// refused are the requests that a server can go on answering with an error.
var refused = []struct {
	repeats, exactly, ends, fatal string // ids of the cases
	what                          string
	request                       spec.MessageType
	run                           *scenario
	also                          []string // clauses that the first of the cases is about besides
}{
	{"CLT-RTY-06", "CLT-RTY-07", "CLT-RTY-08", "CLT-RTY-09", "a registration that is always refused", spec.TypeRegister, taken, []string{"RTY-3"}},
	{"CLT-RTY-18", "CLT-RTY-19", "CLT-RTY-20", "CLT-RTY-21", "a registration that is always answered with an error", spec.TypeRegister, registerRefused, nil},
	{"CLT-RTY-10", "CLT-RTY-11", "CLT-RTY-22", "CLT-RTY-23", "a public key that is always answered with an error", spec.TypePublicKey, keyRefused, nil},
	{"CLT-RTY-24", "CLT-RTY-25", "CLT-RTY-26", "CLT-RTY-27", "a login that is always answered with an error", spec.TypeLogin, loginRefused, nil},
	{"CLT-RTY-28", "CLT-RTY-29", "CLT-RTY-30", "CLT-RTY-31", "a file that is always answered with an error", spec.TypeFile, fileRefused, nil},
	{"CLT-RTY-32", "CLT-RTY-33", "CLT-RTY-34", "CLT-RTY-35", "a 1029 that is always answered with an error", spec.TypeCRCOK, okRefused, nil},
	{"CLT-RTY-36", "CLT-RTY-37", "CLT-RTY-38", "CLT-RTY-39", "a 1031 that is always answered with an error", spec.TypeCRCAbort, abortRefused, nil},
}

var _ = Describe("repeated errors", Client, Order(10), func() {
	for _, row := range refused {
		It("repeats "+row.what+" 1 to 3 times", Case(row.repeats, append([]string{"RTY-1"}, row.also...)...), row.run.label(), func(ctx SpecContext) {
			run := row.run.await(ctx)
			expectRepeated(run, run.answered(ctx, row.request), leastSendings)
		})

		It("sends "+row.what+" exactly 4 times", Case(row.exactly, "RTY-6"), row.run.label(), func(ctx SpecContext) {
			run := row.run.await(ctx)
			Expect(run).To(Send(run.answered(ctx, row.request), mostSendings, mostSendings))
		})

		It("ends after "+row.what+", says so, and goes no further", Case(row.ends, "RTY-2"), fresh.label(), row.run.label(), func(ctx SpecContext) {
			run := row.run.await(ctx)
			run.answered(ctx, row.request)
			Expect(run).To(End())
			for _, t := range beyond(row.request) {
				Expect(run).To(SendNo(t))
			}
			Expect(run).NotTo(ReportLike(fresh.await(ctx)))
		})

		It("ends after "+row.what+" with the word fatal and a status other than 0", Case(row.fatal, "RTY-7"), row.run.label(), func(ctx SpecContext) {
			run := row.run.await(ctx)
			run.answered(ctx, row.request)
			Expect(run).To(Print("fatal", 1))
			Expect(run).To(EndBadly())
		})
	}
})

// answered returns the request of a type that the server answered first.
func (r *run) answered(ctx context.Context, t spec.MessageType) peer.Request {
	GinkgoHelper()
	if t == spec.TypeFile {
		packets := r.transfer(ctx).Packets
		return packets[len(packets)-1]
	}
	return r.asked(ctx, t)
}

// asked returns the run's first request of a type, whose answer the client has
// to wait for. That it does not wait for 1604 is a case of its own.
func (r *run) asked(ctx context.Context, t spec.MessageType) peer.Request {
	GinkgoHelper()
	if t == spec.TypeCRCOK {
		build(ctx, caseThanks)
	}
	return r.first(ctx, t)
}

// beyond are the requests that come after an answer to this one.
func beyond(t spec.MessageType) []spec.MessageType {
	order := []spec.MessageType{spec.TypePublicKey, spec.TypeFile, spec.TypeCRCOK}
	switch t {
	case spec.TypeRegister:
		return order
	case spec.TypePublicKey, spec.TypeLogin:
		return order[1:]
	case spec.TypeFile:
		return order[2:]
	default:
		return nil
	}
}
