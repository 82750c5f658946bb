package server

import (
	"slices"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/types"

	. "github.com/xferspec/xferspec/conformance"
	"github.com/xferspec/xferspec/harness/peer"
	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/wire"
)

// disorder is a transfer whose packets are wrong as a sequence. Of some, a
// server that is generous enough can get the right file; it is not accused of
// that.
type disorder struct {
	must, should string // ids of the cases that it must do no harm and should get 1607
	what         string
	right        bool // the right file can be made of it
	packets      func(p []wire.File) []wire.File
}

var disorders = []disorder{
	{"SRV-FIL-48", "SRV-FIL-49", "a packet left out", false, func(p []wire.File) []wire.File {
		return []wire.File{p[0], p[2], p[3]}
	}},
	{"SRV-FIL-50", "SRV-FIL-51", "the first packet left out", false, func(p []wire.File) []wire.File { return p[1:] }},
	{"SRV-FIL-52", "", "the last packet left out", false, func(p []wire.File) []wire.File { return p[:3] }},
	{"SRV-FIL-53", "SRV-FIL-54", "two packets out of order", true, func(p []wire.File) []wire.File {
		return []wire.File{p[0], p[2], p[1], p[3]}
	}},
	{"SRV-FIL-55", "SRV-FIL-56", "a packet sent twice", true, func(p []wire.File) []wire.File {
		return []wire.File{p[0], p[1], p[1], p[2], p[3]}
	}},
	{"SRV-FIL-57", "SRV-FIL-58", "packets numbered from 0", true, func(p []wire.File) []wire.File {
		for i := range p {
			p[i].Number--
		}
		return p
	}},
	{"SRV-FIL-59", "SRV-FIL-60", "a packet numbered above total", true, func(p []wire.File) []wire.File {
		p[3].Number = 5
		return p
	}},
	{"SRV-FIL-61", "SRV-FIL-62", "a total of 0", true, func(p []wire.File) []wire.File {
		for i := range p {
			p[i].Total = 0
		}
		return p
	}},
	{"SRV-FIL-63", "SRV-FIL-64", "a total that shrinks on the way", false, func(p []wire.File) []wire.File {
		p[2].Total = 3
		return p[:3]
	}},
	{"SRV-FIL-91", "SRV-FIL-92", "a total that grows on the way", true, func(p []wire.File) []wire.File {
		p[2].Total, p[3].Total = 5, 5
		return p
	}},
	{"SRV-FIL-65", "SRV-FIL-66", "a content size that changes on the way", true, func(p []wire.File) []wire.File {
		p[1].ContentSize += 16
		return p
	}},
	{"SRV-FIL-67", "SRV-FIL-68", "an original size that changes on the way", true, func(p []wire.File) []wire.File {
		p[1].OriginalSize++
		return p
	}},
}

var _ = Describe("the order of packets", Server, Order(7), func() {
	for _, bad := range disorders {
		It("takes no harm from "+bad.what, Case(bad.must, "FIL-15"), func(ctx SpecContext) {
			c := sender(ctx, casePackets)
			t := c.NewTransfer("disorder.bin", noise(3500, 8), peer.DefaultPacket)
			faulty := bad.packets(slices.Clone(t.Packets))
			c.SendPackets(faulty...)
			legal := NotPass(t)
			if bad.right {
				legal = Answer(spec.TypeError, spec.TypeFileReceived)
			}
			expectRecovery(ctx, c, len(faulty), legal)
		})

		if bad.should == "" {
			continue
		}
		It("answers "+bad.what+" with 1607", Case(bad.should, "FIL-27"), func(ctx SpecContext) {
			c := sender(ctx, casePackets)
			t := c.NewTransfer("disorder.bin", noise(3500, 8), peer.DefaultPacket)
			c.SendPackets(bad.packets(t.Packets)...)
			Expect(c.ReceiveFor(t)).To(Answer(spec.TypeError))
		})
	}

	It("takes no harm from a file name that changes on the way", Case("SRV-FIL-110", "FIL-18", "FIL-16"), func(ctx SpecContext) {
		c := sender(ctx, casePackets)
		t := c.NewTransfer("disorder.bin", noise(3500, 44), peer.DefaultPacket)
		packets := slices.Clone(t.Packets)
		packets[1].Name = "other.bin"
		c.SendPackets(packets...)
		expectRecovery(ctx, c, len(packets), Answer(spec.TypeError, spec.TypeFileReceived))
	})

	It("starts anew when packet 1 comes in the middle of a transfer", Case("SRV-FIL-69", "FIL-16"), func(ctx SpecContext) {
		c := sender(ctx, casePackets)
		unfinished := c.NewTransfer("anew.bin", noise(3500, 9), peer.DefaultPacket)
		t := c.NewTransfer("anew.bin", noise(2500, 10), peer.DefaultPacket)
		c.SendPackets(unfinished.Packets[:2]...)
		Expect(c.SendTransfer(t)).To(Acknowledge(t))
	})

	It("starts anew when packet 1 is repeated", Case("SRV-FIL-70", "FIL-16"), func(ctx SpecContext) {
		c := sender(ctx, casePackets)
		t := c.NewTransfer("twice.bin", noise(2500, 11), peer.DefaultPacket)
		c.SendPackets(t.Packets[0])
		Expect(c.SendTransfer(t)).To(Acknowledge(t))
	})

	It("starts anew when packet 1 follows a whole transfer", Case("SRV-FIL-71", "FIL-16"), func(ctx SpecContext) {
		c := sender(ctx, casePackets)
		for seed, size := range []int{3500, 1500} {
			t := c.NewTransfer("next.bin", noise(size, byte(seed)), peer.DefaultPacket)
			Expect(c.SendTransfer(t)).To(Acknowledge(t))
		}
	})
})

// expectRecovery sends a whole file behind a faulty one and sees that it is
// received, on a new connection if this one ends. Answers to the faulty one
// may come before, at most one for each of its packets, and have to be legal.
func expectRecovery(ctx SpecContext, c *peer.Client, faulty int, legal types.GomegaMatcher) {
	GinkgoHelper()
	t := c.NewTransfer("disorder.bin", noise(2500, 12), peer.DefaultPacket)
	c.SendPackets(t.Packets...)
	r := c.ReceiveFor(t)
	for ; faulty > 0 && !r.Ended() && !isOf(t, r); faulty-- {
		Expect(r).To(legal)
		r = c.ReceiveFor(t)
	}
	if r.Ended() {
		r = again(ctx, c).SendTransfer(t)
	}
	Expect(r).To(Acknowledge(t))
}

// isOf says whether a reply is the right answer to a transfer.
func isOf(t *peer.Transfer, r peer.Reply) bool {
	m, ok := r.Message.(*wire.FileReceived)
	return ok && m.Cksum == t.Cksum()
}
