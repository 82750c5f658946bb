package server

import (
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	. "github.com/xferspec/xferspec/conformance"
)

// largestPacket is the content of a packet, in bytes, that a server should take.
const largestPacket = 64 << 20

// The last of all: a server that cannot cope with it may be busy for long.
var _ = Describe("the largest packet", Server, Order(20), func() {
	It("takes a packet with 64 MiB of content", Case("SRV-FIL-120", "FIL-23"), func(ctx SpecContext) {
		c := senderOf(ctx, largestPacket, largestPacket)
		t := c.NewTransfer("largest.bin", make([]byte, largestPacket-1), largestPacket)
		end := time.Now().Add(c.TransferTimeout(largestPacket))
		c.Timeout = time.Until(end) // for the one write
		c.SendPackets(t.Packets...)
		Expect(c.ReceiveWithin(time.Until(end))).To(Acknowledge(t))
	})
})
