package client

import (
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	. "github.com/xferspec/xferspec/conformance"
	"github.com/xferspec/xferspec/harness/peer"
	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/wire"
)

// Servers that find a wrong checksum so many times, and one that always does.
var (
	mismatchOnce   = mismatches("mismatch-once", once)
	mismatchTwice  = mismatches("mismatch-twice", twice)
	mismatchThrice = mismatches("mismatch-thrice", thrice)
	mismatch       = mismatches("mismatch", always)
)

// misprints are servers whose checksum is wrong once, in a single bit.
var misprints = []struct {
	id, bit string
	run     *scenario
}{
	{"CLT-CRC-17", "lowest", misprint("lowest-bit", 0)},
	{"CLT-CRC-18", "highest", misprint("highest-bit", 31)},
}

func misprint(name string, bit int) *scenario {
	return newScenario(name, caseSuccess, func(s *stage) {
		s.answers(spec.TypeFile, once, func(_ *spec.Edition, a *peer.Answer) {
			if m, ok := a.Message.(*wire.FileReceived); ok {
				wrong := *m
				wrong.Cksum ^= 1 << bit
				a.Message = &wrong
			}
		})
	})
}

func mismatches(name string, times int) *scenario {
	return newScenario(name, caseSuccess, func(s *stage) { s.answers(spec.TypeFile, times, peer.WrongCksum) })
}

var _ = Describe("verification", Client, Order(5), func() {
	It("confirms an equal checksum with 1029 and ends with success", Case(caseSuccess, "CRC-5", "CRC-1"), Basic, fresh.label(), func(ctx SpecContext) {
		run := fresh.await(ctx)
		Expect(run.first(ctx, spec.TypeCRCOK)).To(Carry("file name", run.path))
		Expect(run).To(Proceed(spec.TypeFile, spec.TypeCRCOK))
		Expect(run).To(EndWell())
	})

	It("waits for 1604 before it ends with success", Case(caseThanks, "CRC-5"), Basic, fresh.label(), closedAtLast.label(), func(ctx SpecContext) {
		run := closedAtLast.await(ctx)
		run.first(ctx, spec.TypeCRCOK)
		Expect(run).NotTo(ReportLike(fresh.await(ctx)))
	})

	It("leaves no process running when it ends with success", Case("CLT-CRC-02", "CRC-5"), fresh.label(), func(ctx SpecContext) {
		run := fresh.await(ctx)
		run.first(ctx, spec.TypeCRCOK)
		Expect(run).To(LeaveNoProcess())
	})

	for _, row := range []struct {
		id, times string
		run       *scenario
		n         int
	}{
		{"CLT-CRC-03", "a wrong checksum", mismatchOnce, 1},
		{"CLT-CRC-05", "two wrong checksums", mismatchTwice, 2},
		{"CLT-CRC-06", "three wrong checksums", mismatchThrice, 3},
	} {
		It("answers "+row.times+" with 1030 and the whole file once more, and succeeds when that is right", Case(row.id, "CRC-6", "CRC-5"), row.run.label(), func(ctx SpecContext) {
			run := row.run.await(ctx)
			transfers := run.transfers(ctx)
			var order []spec.MessageType
			for range row.n {
				order = append(order, spec.TypeFile, spec.TypeCRCBad)
			}
			Expect(run).To(Proceed(append(order, spec.TypeFile, spec.TypeCRCOK)...))
			for _, transfer := range transfers {
				Expect(transfer).To(Bring(run.content))
			}
			Expect(run).To(EndWell())
		})
	}

	for _, row := range misprints {
		It("answers a checksum that is wrong in its "+row.bit+" bit with 1030 and the whole file once more", Case(row.id, "CRC-6"), row.run.label(), func(ctx SpecContext) {
			run := row.run.await(ctx)
			run.transfer(ctx)
			Expect(run).To(Proceed(spec.TypeFile, spec.TypeCRCBad, spec.TypeFile, spec.TypeCRCOK))
		})
	}

	It("sends the file again after the first three wrong checksums and gives up with 1031 after the fourth", Case("CLT-CRC-04", "CRC-7", "CRC-6"), mismatch.label(), func(ctx SpecContext) {
		run := mismatch.await(ctx)
		run.transfer(ctx)
		Expect(run).To(Proceed(
			spec.TypeFile, spec.TypeCRCBad, spec.TypeFile, spec.TypeCRCBad,
			spec.TypeFile, spec.TypeCRCBad, spec.TypeFile, spec.TypeCRCAbort))
		Expect(run).To(End())
	})

	It("sends the whole file each of the four times", Case("CLT-CRC-07", "CRC-6"), mismatch.label(), func(ctx SpecContext) {
		run := mismatch.await(ctx)
		for _, transfer := range run.transfers(ctx) {
			Expect(transfer).To(Bring(run.content))
		}
	})

	It("names the file in 1030 and 1031", Case("CLT-CRC-08", "CRC-6", "CRC-7"), mismatch.label(), func(ctx SpecContext) {
		run := mismatch.await(ctx)
		run.transfer(ctx)
		for _, t := range []spec.MessageType{spec.TypeCRCBad, spec.TypeCRCAbort} {
			for _, q := range run.all(ctx, t) {
				Expect(q).To(Carry("file name", run.path))
			}
		}
	})

	It("does not report the same after the fourth wrong checksum as after a success", Case("CLT-CRC-09", "CRC-7"), fresh.label(), mismatch.label(), func(ctx SpecContext) {
		run := mismatch.await(ctx)
		run.transfer(ctx)
		Expect(run).NotTo(ReportLike(fresh.await(ctx)))
	})
})
