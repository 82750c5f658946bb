package client

import (
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	. "github.com/xferspec/xferspec/conformance"
	"github.com/xferspec/xferspec/harness/peer"
	"github.com/xferspec/xferspec/spec"
)

// mismatchOnce is a server that finds a wrong checksum at first; mismatch one
// that always does.
var (
	mismatchOnce = newScenario("mismatch-once", caseSuccess, func(s *stage) { s.answers(spec.TypeFile, once, peer.WrongCksum) })
	mismatch     = newScenario("mismatch", caseSuccess, func(s *stage) { s.answers(spec.TypeFile, always, peer.WrongCksum) })
)

var _ = Describe("verification", Client, Order(5), func() {
	It("confirms an equal checksum with 1029 and ends with success", Case(caseSuccess, "CRC-5", "CRC-1"), Basic, fresh.label(), func(ctx SpecContext) {
		run := fresh.await(ctx)
		Expect(run.first(ctx, spec.TypeCRCOK)).To(Carry("file name", run.path))
		Expect(run).To(Proceed(spec.TypeFile, spec.TypeCRCOK))
		Expect(run).To(EndWell())
	})

	It("leaves no process running when it ends with success", Case("CLT-CRC-02", "CRC-5"), fresh.label(), func(ctx SpecContext) {
		run := fresh.await(ctx)
		run.first(ctx, spec.TypeCRCOK)
		Expect(run).To(LeaveNoProcess())
	})

	It("answers a wrong checksum with 1030 and the whole file once more, and succeeds when that is right", Case("CLT-CRC-03", "CRC-6", "CRC-5"), mismatchOnce.label(), func(ctx SpecContext) {
		run := mismatchOnce.await(ctx)
		transfers := run.transfers(ctx)
		Expect(run).To(Proceed(spec.TypeFile, spec.TypeCRCBad, spec.TypeFile, spec.TypeCRCOK))
		Expect(transfers[len(transfers)-1]).To(Bring(run.content))
		Expect(run.seen.Of(spec.TypeCRCBad)[0]).To(Carry("file name", run.path))
		Expect(run).To(EndWell())
	})

	It("sends the file again after the first three wrong checksums and gives up with 1031 after the fourth", Case("CLT-CRC-04", "CRC-7", "CRC-6"), mismatch.label(), func(ctx SpecContext) {
		run := mismatch.await(ctx)
		run.transfer(ctx)
		Expect(run).To(Proceed(
			spec.TypeFile, spec.TypeCRCBad, spec.TypeFile, spec.TypeCRCBad,
			spec.TypeFile, spec.TypeCRCBad, spec.TypeFile, spec.TypeCRCAbort))
		Expect(run).To(End())
	})
})
