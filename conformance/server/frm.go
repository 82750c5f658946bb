package server

import (
	"bytes"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	. "github.com/xferspec/xferspec/conformance"
	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/wire"
)

var _ = Describe("a connection", Server, Order(8), func() {
	It("carries a whole conversation, a resend included", Case("SRV-FRM-12", "FRM-6"), func(ctx SpecContext) {
		converse(ctx, conversant(ctx))
	})

	It("sends after a header as many bytes as it declares", Case("SRV-FRM-13", "FRM-4"), func(ctx SpecContext) {
		c := conversant(ctx)
		converse(ctx, c)
		// A surplus behind the last answer would be taken for the next one.
		Expect(c.Register(c.Name)).To(Process(spec.TypeRegistered, spec.TypeRegistrationRefused))
	})

	It("takes another file after 1604", Case("SRV-FRM-14", "FRM-16"), func(ctx SpecContext) {
		c := conversant(ctx)
		converse(ctx, c)
		expectFile(c)
	})

	It("takes another file after a transfer was given up", Case("SRV-FRM-15", "FRM-16"), func(ctx SpecContext) {
		c := sender(ctx)
		sent(ctx, c, "given-up.txt", []byte("given up"))
		r := c.Exchange(&wire.CRCAbort{Name: "given-up.txt"})
		from(ctx).ledger.Need(r.Type() == spec.TypeThanks, caseAbort, "give a file up", r)
		expectFile(c)
	})

	It("answers requests in their order that were sent without waiting", Case("SRV-FRM-16", "FRM-16"), func(ctx SpecContext) {
		from(ctx).ledger.Require(caseRegister, caseTaken)
		c := connect(ctx)
		var b []byte
		for range 10 {
			request := c.Encode(&wire.Register{Name: from(ctx).newName()})
			b = append(append(b, request...), request...)
		}
		c.SendBytes(b)
		for i := range 10 {
			Expect(c.Receive()).To(Answer(spec.TypeRegistered), "answer %d of 20", 2*i+1)
			Expect(c.Receive()).To(Answer(spec.TypeRegistrationRefused), "answer %d of 20", 2*i+2)
		}
	})

	It("answers a request although the client has half-closed behind it", Case("SRV-FRM-17", "FRM-16"), func(ctx SpecContext) {
		from(ctx).ledger.Require(caseRegister)
		c := connect(ctx)
		c.Send(&wire.Register{Name: from(ctx).newName()})
		c.CloseWrite()
		Expect(c.Receive()).To(Answer(spec.TypeRegistered))
	})

	It("fills up the file name in 1603 with zeros", Case("SRV-FRM-18", "FRM-10"), func(ctx SpecContext) {
		c := keyed(ctx)
		sent(ctx, c, strings.Repeat("long", 25), []byte("a long name, of which nothing should remain"))
		c = again(ctx, c)
		name, _, err := sent(ctx, c, "short.txt", []byte("a short name")).Field("file name")
		Expect(err).NotTo(HaveOccurred())
		_, padding, _ := bytes.Cut(name, []byte{0})
		check(len(bytes.Trim(padding, "\x00")) == 0, "zeros after the NUL of the file name", "%q", padding)
	})
})
