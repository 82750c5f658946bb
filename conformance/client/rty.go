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
	taken = newScenario("taken", caseRegister, func(s *stage) {
		s.answers(spec.TypeRegister, always, peer.Respond(&wire.RegistrationRefused{}))
	})
	keyRefused = newScenario("key-refused", caseKey, func(s *stage) {
		s.answers(spec.TypePublicKey, always, peer.Refuse)
	})
	strangeCode = newScenario("strange-code", caseKey, func(s *stage) {
		s.answers(spec.TypePublicKey, once, func(ed *spec.Edition, a *peer.Answer) {
			a.Bytes = wire.ResponseHeader{Version: ed.Version, Code: 9999}.Append(nil)
		})
	})
	strangeAnswer = newScenario("strange-answer", caseKey, func(s *stage) {
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

	It("reports a 1607 to its login and repeats that", Case("CLT-RTY-03", "RTY-1", "LGN-1"), errorsOnReturn.label(), func(ctx SpecContext) {
		run := errorsOnReturn.await(ctx)
		expectRepeated(run, run.first(ctx, spec.TypeLogin), 1)
	})

	It("reports a 1607 to its file and repeats that, without a new key", Case("CLT-RTY-04", "RTY-1", "LGN-8"), errorsOnReturn.label(), func(ctx SpecContext) {
		run := errorsOnReturn.await(ctx)
		build(ctx, caseLogin)
		packets := run.transfer(ctx).Packets
		expectRepeated(run, packets[len(packets)-1], 2)
		Expect(run).To(SendNo(spec.TypePublicKey))
	})

	It("reports a 1607 to its 1029, repeats that and ends with success, without a new key", Case("CLT-RTY-05", "RTY-1", "LGN-8", "CRC-5"), errorsOnReturn.label(), func(ctx SpecContext) {
		run := errorsOnReturn.await(ctx)
		build(ctx, caseLogin)
		expectRepeated(run, run.first(ctx, spec.TypeCRCOK), 3)
		Expect(run).To(SendNo(spec.TypePublicKey))
		Expect(run).To(EndWell())
	})

	It("sends a registration that is always refused 2 to 4 times", Case("CLT-RTY-06", "RTY-1", "RTY-3"), taken.label(), func(ctx SpecContext) {
		run := taken.await(ctx)
		expectRepeated(run, run.first(ctx, spec.TypeRegister), 1)
	})

	It("sends a registration that is always refused exactly 4 times", Case("CLT-RTY-07", "RTY-6"), taken.label(), func(ctx SpecContext) {
		run := taken.await(ctx)
		Expect(run).To(Send(run.first(ctx, spec.TypeRegister), 4, 4))
	})

	It("ends when its registration is always refused, without trying anything else", Case("CLT-RTY-08", "RTY-2"), taken.label(), func(ctx SpecContext) {
		run := taken.await(ctx)
		run.first(ctx, spec.TypeRegister)
		Expect(run).To(SendNo(spec.TypePublicKey, spec.TypeFile, spec.TypeCRCOK))
		Expect(run).To(End())
	})

	It("ends with the word fatal and a status other than 0 when its registration is always refused", Case("CLT-RTY-09", "RTY-7"), taken.label(), func(ctx SpecContext) {
		run := taken.await(ctx)
		run.first(ctx, spec.TypeRegister)
		Expect(run).To(Print("fatal", 1))
		Expect(run).To(EndBadly())
	})

	It("sends a public key that is always answered with an error 2 to 4 times", Case("CLT-RTY-10", "RTY-1"), keyRefused.label(), func(ctx SpecContext) {
		run := keyRefused.await(ctx)
		expectRepeated(run, run.first(ctx, spec.TypePublicKey), 1)
	})

	It("sends a public key that is always answered with an error exactly 4 times", Case("CLT-RTY-11", "RTY-6"), keyRefused.label(), func(ctx SpecContext) {
		run := keyRefused.await(ctx)
		Expect(run).To(Send(run.first(ctx, spec.TypePublicKey), 4, 4))
	})

	It("takes a response with an unknown code for an error", Case("CLT-RTY-12", "RTY-4"), strangeCode.label(), func(ctx SpecContext) {
		run := strangeCode.await(ctx)
		expectRepeated(run, run.first(ctx, spec.TypePublicKey), 1)
	})

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
