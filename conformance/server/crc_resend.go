package server

import (
	"bytes"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	. "github.com/xferspec/xferspec/conformance"
	"github.com/xferspec/xferspec/harness/peer"
	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/wire"
)

var _ = Describe("a file that was damaged on the way", Server, Order(7), func() {
	It("receives it when it comes again, after 1030", Case("SRV-CRC-07", "CRC-9"), func(ctx SpecContext) {
		c := sender(ctx, casePackets, caseResend)
		t := c.NewTransfer("damaged.bin", noise(3000, 50), peer.DefaultPacket)
		c, _ = sendDamaged(ctx, c, t)
		c.Send(&wire.CRCBad{Name: t.Name})
		Expect(c.SendTransfer(t)).To(Acknowledge(t))
	})

	It("answers 1031 with 1604 after it came four times", Case("SRV-CRC-08", "CRC-4"), func(ctx SpecContext) {
		c := sender(ctx, casePackets, caseResend)
		t := c.NewTransfer("damaged.bin", noise(3000, 51), peer.DefaultPacket)
		for i := range 4 {
			var received bool
			if c, received = sendDamaged(ctx, c, t); !received {
				NotRun("a file with a damaged block was refused, so there is nothing that 1031 could be about")
			}
			if i < 3 {
				c.Send(&wire.CRCBad{Name: t.Name})
			}
		}
		Expect(c.Exchange(&wire.CRCAbort{Name: t.Name})).To(Answer(spec.TypeThanks))
	})
})

// sendDamaged sends a file with one wrong byte of ciphertext and says whether it
// was received.
func sendDamaged(ctx SpecContext, c *peer.Client, t *peer.Transfer) (next *peer.Client, received bool) {
	GinkgoHelper()
	cipher := bytes.Clone(t.Cipher)
	cipher[1500] ^= 1 // not near the padding
	r := c.SendTransfer(c.Pack(t.Name, t.Plain, cipher, peer.DefaultPacket))
	if r.Ended() {
		c = again(ctx, c)
	}
	return c, r.Type() == spec.TypeFileReceived
}

var _ = Describe("a verdict on a file that is not there", Server, Order(10), func() {
	for _, row := range []struct {
		id, what string
		message  func(name string) wire.Message
	}{
		{"SRV-ERR-19", "1029", func(name string) wire.Message { return &wire.CRCOK{Name: name} }},
		{"SRV-ERR-20", "1030", func(name string) wire.Message { return &wire.CRCBad{Name: name} }},
		{"SRV-ERR-21", "1031", func(name string) wire.Message { return &wire.CRCAbort{Name: name} }},
	} {
		It("goes on serving after "+row.what+" for a file never sent, and from an unknown id", Case(row.id, "ERR-4"), func(ctx SpecContext) {
			owner := leave(ctx, sender(ctx))
			for _, c := range []*peer.Client{beside(ctx, owner), stranger(ctx, beside(ctx, owner))} {
				c.Send(row.message("never-sent.txt"))
				c.CloseWrite()
				readToEnd(c, 1)
				leave(ctx, c)
			}
			expectFile(again(ctx, owner))
		})
	}

	It("takes no harm from a verdict on another client's file", Case("SRV-CRC-09", "CRC-2"), func(ctx SpecContext) {
		owner := stored(ctx, "not-yours.txt", []byte("one client's"))
		for _, m := range []wire.Message{
			&wire.CRCAbort{Name: "not-yours.txt"}, &wire.CRCBad{Name: "not-yours.txt"}, &wire.CRCOK{Name: "not-yours.txt"},
		} {
			other := keyed(ctx)
			other.Send(m)
			other.CloseWrite()
			readToEnd(other, 1)
			leave(ctx, other)
		}
		Expect(owner.Exchange(&wire.CRCOK{Name: "not-yours.txt"})).To(Answer(spec.TypeThanks), "the owner's own verdict")
	})

	It("keeps a client's file whatever another says about it", Case("SRV-FIL-103", "FIL-20"), Local, func(ctx SpecContext) {
		plain := unique(ctx, "a verified file")
		verified(ctx, "not-yours.txt", plain)
		needPlaces(ctx, plain)
		for _, m := range []wire.Message{&wire.CRCBad{Name: "not-yours.txt"}, &wire.CRCAbort{Name: "not-yours.txt"}} {
			other := keyed(ctx)
			other.Send(m)
			other.CloseWrite()
			readToEnd(other, 1)
			leave(ctx, other)
		}
		expectStored(ctx, plain, "the file, after another client's 1030 and 1031")
	})
})
