package server

import (
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	. "github.com/xferspec/xferspec/conformance"
	"github.com/xferspec/xferspec/harness/peer"
	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/wire"
)

var _ = Describe("text fields", Server, Order(8), func() {
	It("ignores what follows the NUL of a name", Case("SRV-FRM-38", "FRM-9"), func(ctx SpecContext) {
		from(ctx).ledger.Require(caseTaken)
		owner := leave(ctx, registered(ctx))
		c := connect(ctx)
		c.SendBytes(withText(c, &wire.Register{Name: owner.Name}, "name", owner.Name+"\x00leftover"))
		Expect(c.Receive()).To(Answer(spec.TypeRegistrationRefused), "the name is taken up to its NUL")
	})

	It("ignores what follows the NUL of a file name", Case("SRV-FRM-39", "FRM-9"), func(ctx SpecContext) {
		c := sender(ctx)
		t := c.NewTransfer("padded.txt", []byte("a short one"), peer.DefaultPacket)
		c.SendBytes(withText(c, &t.Packets[0], "file name", t.Name+"\x00leftover"))
		Expect(c.ReceiveFor(t)).To(Acknowledge(t))
	})

	It("ignores what follows the NUL in 1029", Case("SRV-FRM-40", "FRM-9"), func(ctx SpecContext) {
		from(ctx).ledger.Require(caseThanks)
		c := stored(ctx, "padded.txt", []byte("a short one"))
		c.SendBytes(withText(c, &wire.CRCOK{Name: "padded.txt"}, "file name", "padded.txt\x00leftover"))
		Expect(c.Receive()).To(Answer(spec.TypeThanks))
	})

	for _, row := range []struct{ id, what, tail string }{
		{"SRV-FRM-41", "without a NUL", strings.Repeat("x", wire.TextSize)},
		{"SRV-FRM-42", "with a control character", "\x07\x00"},
		{"SRV-FRM-43", "with a byte above 0x7E", "\xc3\xa9\x00"},
	} {
		It("refuses a name "+row.what+", and registers nothing", Case(row.id, "FRM-11"), func(ctx SpecContext) {
			from(ctx).ledger.Require(caseRegister)
			c, name := connect(ctx), from(ctx).newName()
			text := name + row.tail
			c.SendBytes(withText(c, &wire.Register{Name: name}, "name", text[:min(len(text), wire.TextSize)]))
			Expect(c.Receive()).To(RefuseByAnswer(spec.TypeRegistrationRefused))
			leave(ctx, c)
			Expect(connect(ctx).Register(name)).To(Answer(spec.TypeRegistered), "what stood before the fault")
		})
	}

	It("refuses a file name without a NUL", Case("SRV-FRM-44", "FRM-11"), func(ctx SpecContext) {
		c := sender(ctx)
		t := c.NewTransfer("x", []byte("a file without a proper name"), peer.DefaultPacket)
		c.SendBytes(withText(c, &t.Packets[0], "file name", strings.Repeat("x", wire.TextSize)))
		Expect(c.ReceiveFor(t)).To(RefuseByAnswer())
	})
})
