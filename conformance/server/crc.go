package server

import (
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	. "github.com/xferspec/xferspec/conformance"
	"github.com/xferspec/xferspec/harness/peer"
	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/wire"
)

var _ = Describe("verification", Server, Order(4), func() {
	It("answers 1029 with 1604", Case(caseThanks, "CRC-2"), Basic, func(ctx SpecContext) {
		c := stored(ctx, "right.txt", []byte("right"))
		r := c.Exchange(&wire.CRCOK{Name: "right.txt"})
		Expect(r).To(Answer(spec.TypeThanks))
		if !c.Edition.EmptyThanks {
			Expect(r).To(Carry("client id", c.ID))
		}
	})

	It("answers 1030 with nothing and takes the file that follows", Case(caseResend, "CRC-3", "CRC-9"), Basic, func(ctx SpecContext) {
		c := sender(ctx)
		sent(ctx, c, "again.txt", []byte("not what it should be"))
		c.Send(&wire.CRCBad{Name: "again.txt"})
		t := c.NewTransfer("again.txt", []byte("what it should be"), peer.DefaultPacket)
		Expect(c.SendTransfer(t)).To(Acknowledge(t))
	})

	It("judges a transfer after 1030 by itself", Case("SRV-CRC-03", "CRC-9"), func(ctx SpecContext) {
		c := sender(ctx, casePackets, caseResend)
		for i, size := range []int{3000, 100, 5000, 0} { // longer, shorter, and as short as can be
			if i > 0 {
				c.Send(&wire.CRCBad{Name: "changing.bin"})
			}
			t := c.NewTransfer("changing.bin", noise(size, byte(i)), peer.DefaultPacket)
			Expect(c.SendTransfer(t)).To(Acknowledge(t), "transfer %d", i+1)
		}
	})

	It("answers 1031 with 1604", Case(caseAbort, "CRC-4"), func(ctx SpecContext) {
		c := stored(ctx, "wrong.txt", []byte("wrong"))
		Expect(c.Exchange(&wire.CRCAbort{Name: "wrong.txt"})).To(Answer(spec.TypeThanks))
	})

	It("carries four transfers of a file and 1031 on one connection", Case("SRV-CRC-05", "CRC-4", "FRM-6"), func(ctx SpecContext) {
		c := sender(ctx, casePackets, caseResend)
		t := c.NewTransfer("four-times.bin", noise(2000, 0), peer.DefaultPacket)
		for i := range 4 {
			if i > 0 {
				c.Send(&wire.CRCBad{Name: t.Name})
			}
			Expect(c.SendTransfer(t)).To(Acknowledge(t))
		}
		Expect(c.Exchange(&wire.CRCAbort{Name: t.Name})).To(Answer(spec.TypeThanks))
	})

	It("takes a file again that was given up before", Case("SRV-CRC-06", "CRC-9"), func(ctx SpecContext) {
		c := sender(ctx)
		sent(ctx, c, "second-try.txt", []byte("given up"))
		c.Exchange(&wire.CRCAbort{Name: "second-try.txt"})
		c = again(ctx, c)
		t := c.NewTransfer("second-try.txt", []byte("and then sent again"), peer.DefaultPacket)
		Expect(c.SendTransfer(t)).To(Acknowledge(t))
	})
})
