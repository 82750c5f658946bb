package client

import (
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	. "github.com/xferspec/xferspec/conformance"
	"github.com/xferspec/xferspec/harness/peer"
	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/wire"
)

// errorWords is what a client prints on an error response (RTY-1).
const errorWords = "server responded with an error"

// Sendings of a message that keeps getting error responses (RTY-1): the first
// one, and one to three more.
const (
	leastSendings = 2
	mostSendings  = 4
)

// Servers that answer with errors.
var (
	errorsAtFirst = newScenario("errors-at-first", caseKey, func(s *stage) {
		s.answers(spec.TypeRegister, once, peer.Respond(&wire.RegistrationRefused{}))
		s.answers(spec.TypePublicKey, once, peer.Refuse)
	})
	errorsOnReturn = fresh.then("errors-on-return", caseReturn, func(s *stage) {
		for _, t := range []spec.MessageType{spec.TypeLogin, spec.TypeFile, spec.TypeCRCOK} {
			s.answers(t, once, peer.Refuse)
		}
	})
	errorsTwice  = refusedTimes("errors-twice", twice, spec.TypeRegister)
	errorsThrice = refusedTimes("errors-thrice", thrice, spec.TypeRegister)
	errorsEach   = refusedTimes("errors-thrice-each", thrice, spec.TypeRegister, spec.TypePublicKey, spec.TypeFile, spec.TypeCRCOK)
)

// refusedTimes declares a run with a server that answers so many requests of
// each of these types with an error before it grants one.
func refusedTimes(name string, times int, requests ...spec.MessageType) *scenario {
	return newScenario(name, caseSuccess, func(s *stage) {
		for _, t := range requests {
			s.answers(t, times, peer.Refuse)
		}
	})
}

// strange is a server whose first answer to a request has a code that no
// response has.
func strange(name string, request spec.MessageType) *scenario {
	return at(request, name, func(s *stage) {
		s.answers(request, once, func(ed *spec.Edition, a *peer.Answer) {
			a.Bytes = wire.ResponseHeader{Version: ed.Version, Code: 9999}.Append(nil)
		})
	})
}

// Servers that answer with what is no answer to the request.
var (
	strangeRegister = strange("strange-code-register", spec.TypeRegister)
	strangeKey      = strange("strange-code", spec.TypePublicKey)
	strangeLogin    = strange("strange-code-login", spec.TypeLogin)
	strangeFile     = strange("strange-code-file", spec.TypeFile)
	strangeOK       = strange("strange-code-crc-ok", spec.TypeCRCOK)
	strangeAnswer   = newScenario("strange-answer", caseKey, func(s *stage) {
		s.answers(spec.TypePublicKey, once, peer.Respond(&wire.Thanks{}))
	})
)

var _ = Describe("errors", Client, Order(10), func() {
	It("reports a 1601 and repeats the registration", Case("CLT-RTY-01", "RTY-1", "RTY-3"), errorsAtFirst.label(), func(ctx SpecContext) {
		run := errorsAtFirst.await(ctx)
		expectRepeated(run, run.first(ctx, spec.TypeRegister), 1)
	})

	It("reports an error response to its public key and repeats that", Case("CLT-RTY-02", "RTY-1"), errorsAtFirst.label(), func(ctx SpecContext) {
		run := errorsAtFirst.await(ctx)
		expectRepeated(run, run.first(ctx, spec.TypePublicKey), 2)
	})

	It("reports a 1607 to its login and repeats that", Case("CLT-RTY-03", "RTY-1"), errorsOnReturn.label(), func(ctx SpecContext) {
		run := errorsOnReturn.await(ctx)
		expectRepeated(run, run.first(ctx, spec.TypeLogin), 1)
	})

	It("reports a 1607 to its file and repeats that", Case("CLT-RTY-04", "RTY-1"), errorsOnReturn.label(), func(ctx SpecContext) {
		run := errorsOnReturn.await(ctx)
		run.first(ctx, spec.TypeLogin)
		build(ctx, caseLogin)
		expectRepeated(run, run.answered(ctx, spec.TypeFile), 2)
	})

	It("reports a 1607 to its 1029, repeats that and ends with success", Case("CLT-RTY-05", "RTY-1"), errorsOnReturn.label(), func(ctx SpecContext) {
		run := errorsOnReturn.await(ctx)
		run.first(ctx, spec.TypeLogin)
		build(ctx, caseLogin)
		expectRepeated(run, run.answered(ctx, spec.TypeCRCOK), 3)
		Expect(run).To(EndWell())
	})

	It("succeeds in spite of an error response to its registration and its public key", Case("CLT-RTY-40", "RTY-1", "CRC-5"), errorsAtFirst.label(), func(ctx SpecContext) {
		run := errorsAtFirst.await(ctx)
		run.first(ctx, spec.TypePublicKey)
		build(ctx, upTo(caseSuccess)...)
		Expect(run).To(EndWell())
	})

	for _, row := range []struct {
		id, what string
		run      *scenario
	}{
		{"CLT-RTY-41", "after two error responses to its registration", errorsTwice},
		{"CLT-RTY-42", "after three error responses to its registration", errorsThrice},
		{"CLT-RTY-43", "after three error responses to each of its messages, which it counts apart", errorsEach},
	} {
		It("succeeds "+row.what, Case(row.id, "RTY-6"), row.run.label(), func(ctx SpecContext) {
			run := row.run.await(ctx)
			run.first(ctx, spec.TypeRegister)
			Expect(run).To(EndWell())
		})
	}

	for _, row := range []struct {
		id, what string
		request  spec.MessageType
		run      *scenario
	}{
		{"CLT-RTY-44", "its registration", spec.TypeRegister, strangeRegister},
		{"CLT-RTY-12", "its public key", spec.TypePublicKey, strangeKey},
		{"CLT-RTY-45", "its login", spec.TypeLogin, strangeLogin},
		{"CLT-RTY-46", "its file", spec.TypeFile, strangeFile},
		{"CLT-RTY-47", "its 1029", spec.TypeCRCOK, strangeOK},
	} {
		It("takes a response with an unknown code to "+row.what+" for an error", Case(row.id, "RTY-4"), row.run.label(), func(ctx SpecContext) {
			run := row.run.await(ctx)
			expectRepeated(run, run.answered(ctx, row.request), 1)
		})
	}

	It("takes a response to something else for an error", Case("CLT-RTY-13", "RTY-4"), strangeAnswer.label(), func(ctx SpecContext) {
		run := strangeAnswer.await(ctx)
		expectRepeated(run, run.first(ctx, spec.TypePublicKey), 1)
	})

	It("ends with a status other than 0 after the fourth wrong checksum", Case("CLT-RTY-14", "RTY-7"), mismatch.label(), func(ctx SpecContext) {
		run := mismatch.await(ctx)
		run.transfer(ctx)
		Expect(run).To(EndBadly())
	})
})

// expectRepeated is what holds for a request that was answered with an error,
// the run's nth.
func expectRepeated(run *run, q peer.Request, nth int) {
	GinkgoHelper()
	Expect(run).To(Print(errorWords, nth))
	Expect(run).To(Send(q, leastSendings, mostSendings))
}
