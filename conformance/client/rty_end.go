package client

import (
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	. "github.com/xferspec/xferspec/conformance"
	"github.com/xferspec/xferspec/harness/peer"
	"github.com/xferspec/xferspec/spec"
)

// Servers that end the connection.
var (
	closedAtFirst = newScenario("closed-at-first", caseRegister, func(s *stage) { s.answers(spec.TypeRegister, always, peer.HangUp) })
	resetAtFile   = newScenario("reset-at-file", caseFile, func(s *stage) { s.answers(spec.TypeFile, always, peer.HangUpHard) })
	closedAtLast  = newScenario("closed-at-last", caseSuccess, func(s *stage) { s.answers(spec.TypeCRCOK, always, peer.HangUp) })
)

var _ = Describe("lost connections", Client, Order(11), func() {
	It("ends when the server closes the connection on its registration", Case("CLT-RTY-15", "RTY-5"), closedAtFirst.label(), func(ctx SpecContext) {
		run := closedAtFirst.await(ctx)
		run.first(ctx, spec.TypeRegister)
		Expect(run).To(End())
	})

	It("ends when the server resets the connection on its file", Case("CLT-RTY-16", "RTY-5"), resetAtFile.label(), func(ctx SpecContext) {
		run := resetAtFile.await(ctx)
		run.transfer(ctx)
		Expect(run).To(End())
	})

	It("ends, and does not report the same as after a success, when the server closes the connection on its 1029", Case("CLT-RTY-17", "RTY-5"), fresh.label(), closedAtLast.label(), func(ctx SpecContext) {
		run := closedAtLast.await(ctx)
		run.first(ctx, spec.TypeCRCOK)
		Expect(run).To(End())
		Expect(run).NotTo(ReportLike(fresh.await(ctx)))
	})
})
