package server

import (
	. "github.com/onsi/ginkgo/v2"

	. "github.com/xferspec/xferspec/conformance"
	"github.com/xferspec/xferspec/harness/peer"
	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/wire"
)

var _ = Describe("received files", Server, Local, Order(12), func() {
	It("keeps the files of two clients under one name", Case("SRV-FIL-77", "FIL-20"), func(ctx SpecContext) {
		first, second := unique(ctx, "the first client's"), unique(ctx, "the second client's")
		verified(ctx, "same-name.txt", first)
		needPlaces(ctx, first)
		verified(ctx, "same-name.txt", second)
		expectStored(ctx, second, "the second client's file")
		expectStored(ctx, first, "the first client's file, after the second client sent its own")
	})

	It("replaces a file by the next one under its name", Case("SRV-FIL-78", "FIL-21"), func(ctx SpecContext) {
		old, replacement := unique(ctx, "the old content, and a long one at that"), unique(ctx, "the new content")
		c := again(ctx, verified(ctx, "replaced.txt", old))
		needPlaces(ctx, old)
		sent(ctx, c, "replaced.txt", replacement)
		c.Exchange(&wire.CRCOK{Name: "replaced.txt"})
		expectStored(ctx, replacement, "the new content")
	})

	It("keeps a file while the next one under its name is incomplete", Case("SRV-FIL-79", "FIL-21"), func(ctx SpecContext) {
		old := unique(ctx, "the old content")
		c := again(ctx, verified(ctx, "half-replaced.txt", old))
		needPlaces(ctx, old)
		b := c.EncodeTransfer(c.NewTransfer("half-replaced.txt", noise(5000, 15), peer.DefaultPacket))
		c.SendBytes(b[:len(b)-200])
		hangUp(c)
		expectStored(ctx, old, "the old content, after a transfer that broke off")
	})

	It("keeps a file when the next one under its name does not decrypt", Case("SRV-FIL-80", "FIL-21", "ERR-5"), func(ctx SpecContext) {
		old := unique(ctx, "the old content")
		from(ctx).ledger.Require(casePackets)
		c := again(ctx, verified(ctx, "corrupt.bin", old))
		needPlaces(ctx, old)
		if r := c.SendTransfer(pad(c, 0, 0, 0, 0, 0)); r.Type() == spec.TypeFileReceived {
			return // it was taken for some file, which replaces the old one: FIL-13 has its own cases
		}
		expectStored(ctx, old, "the old content, after a transfer that does not decrypt")
	})
})
