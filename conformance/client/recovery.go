package client

import (
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	. "github.com/xferspec/xferspec/conformance"
	"github.com/xferspec/xferspec/conformance/interop"
	"github.com/xferspec/xferspec/spec"
)

// Runs with the reference server, and faults on the way to it.
var (
	damagedOnce   = throughDamage("damaged-once", 1)
	damagedThrice = throughDamage("damaged-thrice", 3)
	damagedAlways = throughDamage("damaged-always", 4)
	alteredCksum  = through("altered-cksum", interop.WrongCksum)
	singleBytes   = through("single-bytes", interop.SingleBytes)
	lostThanks    = patiently(through("lost-thanks", interop.LostThanks))
	slowLink      = patiently(through("slow-link", interop.OneKBps, func(s *stage) { s.content = contentOf(100) }))
	brokenOff     = through("broken-off", interop.ResetAt500, func(s *stage) { s.content = contentOf(1000 * 1024) })
	backAgain     = brokenOff.then("back-again", caseReturn, func(s *stage) { s.reference, s.content = true, contentOf(1000*1024) })
)

// through declares a scenario with the faults of a plan.
func through(name, plan string, setup ...func(s *stage)) *scenario {
	return newScenario(name, caseSuccess, func(s *stage) {
		s.reference, s.plan = true, plan
		for _, more := range setup {
			more(s)
		}
	})
}

func throughDamage(name string, times int) *scenario {
	return through(name, "", func(s *stage) { s.plan = interop.DamagedTransfers(s.edition, times) })
}

// patiently marks a scenario as one in which time goes by while nothing is done.
func patiently(s *scenario) *scenario {
	s.silent = true
	return s
}

var _ = Describe("faults on the way to the reference server", Client, Order(18), func() {
	for _, row := range []struct {
		id, what, clause string
		run              *scenario
		resends          int
	}{
		{"CLT-CRC-12", "its file was damaged on the way", "CRC-6", damagedOnce, 1},
		{"CLT-CRC-13", "its file was damaged on the way three times", "CRC-6", damagedThrice, 3},
		{"CLT-CRC-14", "the server's checksum was damaged on the way", "CRC-6", alteredCksum, 1},
		{"CLT-FRM-11", "every byte travels in a segment of its own", "FRM-5", singleBytes, 0},
		{"CLT-FRM-12", "1,024 bytes travel in a second", "FRM-5", slowLink, 0},
	} {
		It("brings its file whole, and succeeds, when "+row.what, Case(row.id, row.clause), row.run.label(), func(ctx SpecContext) {
			run := row.run.await(ctx)
			run.first(ctx, spec.TypeFile)
			var order []spec.MessageType
			for range row.resends {
				order = append(order, spec.TypeFile, spec.TypeCRCBad)
			}
			Expect(run).To(Proceed(append(order, spec.TypeFile, spec.TypeCRCOK)...))
			Expect(run).To(EndWell())
			Expect(run.server.Holds(run.content)).To(BeTrue(), "whether the reference server has the file; %v", run)
		})
	}

	It("gives up with 1031, and does not report the same as after a success, when its file is damaged on the way four times", Case("CLT-CRC-15", "CRC-7"), fresh.label(), damagedAlways.label(), func(ctx SpecContext) {
		run := damagedAlways.await(ctx)
		run.first(ctx, spec.TypeFile)
		Expect(run.first(ctx, spec.TypeCRCAbort)).To(Carry("file name", run.path))
		Expect(run).To(End())
		Expect(run).NotTo(ReportLike(fresh.await(ctx)))
	})

	It("gives up, and does not report the same as after a success, when 1604 is lost on the way", Case("CLT-RTY-64", "RTY-8"), fresh.label(), lostThanks.label(), func(ctx SpecContext) {
		run := lostThanks.await(ctx)
		run.asked(ctx, spec.TypeCRCOK)
		Expect(run).To(End())
		Expect(run).NotTo(ReportLike(fresh.await(ctx)))
	})

	It("ends, and does not report the same as after a success, when the connection breaks off at packet 500 of 1001", Case("CLT-RTY-65", "RTY-5", "FIL-1"), fresh.label(), brokenOff.label(), func(ctx SpecContext) {
		run := brokenOff.await(ctx)
		run.interrupted(ctx)
		Expect(run).To(End())
		Expect(run).NotTo(ReportLike(fresh.await(ctx)))
	})

	It("comes back after the connection broke off, and brings its file whole", Case("CLT-CFG-48", "CFG-2", "CRC-5", "FIL-1"), brokenOff.label(), backAgain.label(), func(ctx SpecContext) {
		run := backAgain.await(ctx)
		run.first(ctx, run.introduction())
		Expect(run).To(EndWell())
		Expect(run.server.Holds(run.content)).To(BeTrue(), "whether the reference server has the file; %v", run)
	})
})
