package client

import (
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	. "github.com/xferspec/xferspec/conformance"
	"github.com/xferspec/xferspec/spec"
)

// fresh is a client's first contact: no me.info, a server that follows the protocol.
var fresh = newScenario("fresh", "", nil)

var _ = Describe("registration", Client, Order(2), func() {
	It("registers the name in transfer.info when there is no me.info", Case(caseRegister, "REG-1", "CFG-1", "CFG-2"), Basic, fresh.label(), func(ctx SpecContext) {
		run := fresh.await(ctx)
		Expect(run.first(ctx, spec.TypeRegister)).To(Carry("name", run.name))
	})
})
