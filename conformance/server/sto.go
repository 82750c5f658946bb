package server

import (
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	. "github.com/xferspec/xferspec/conformance"
	"github.com/xferspec/xferspec/spec"
)

var _ = Describe("storage", Server, Local, Order(11), func() {
	It("has a verified file in its folder as plaintext", Case(caseStored, "STO-6"), Basic, func(ctx SpecContext) {
		plain := unique(ctx, "kept as it was")
		verified(ctx, "kept.txt", plain)
		expectStored(ctx, plain, "the file that was sent and verified")
	})

	It("still has its clients after a restart", Case("SRV-STO-02", "STO-4"), func(ctx SpecContext) {
		owner := leave(ctx, sender(ctx, caseTaken))
		restart(ctx)
		other := connect(ctx)
		Expect(other.Register(owner.Name)).To(Answer(spec.TypeRegistrationRefused))
		leave(ctx, other)
		c := again(ctx, owner)
		resume(ctx, c)
		expectFile(c)
	})

	It("still has received files after a restart", Case("SRV-STO-03", "STO-4"), func(ctx SpecContext) {
		plain := unique(ctx, "kept over a restart")
		verified(ctx, "kept.txt", plain)
		needPlaces(ctx, plain)
		restart(ctx)
		expectStored(ctx, plain, "the file that was there before the restart")
	})
})
