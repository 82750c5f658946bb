package client

import (
	"bytes"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	. "github.com/xferspec/xferspec/conformance"
	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/state"
	"github.com/xferspec/xferspec/spec/wire"
)

// forgotten is a client that comes back to a server that does not know it, with
// another name in transfer.info than in me.info.
var forgotten = fresh.then("forgotten", caseReturn, func(s *stage) {
	s.name += " anew"
	s.script.Known = nil
})

var _ = Describe("login", Client, Order(8), func() {
	It("logs in with its name, under the id that it was given", Case("CLT-LGN-01", "LGN-1"), second.label(), func(ctx SpecContext) {
		run := second.await(ctx)
		r := run.first(ctx, spec.TypeLogin)
		Expect(r).To(Carry("name", run.name))
		Expect(run.ids(run.name)).To(ContainElement(r.Header.Client.String()), "the id in the header")
	})

	It("sends no public key after a login and decrypts with the key that it has kept", Case(caseLogin, "LGN-8"), Basic, second.label(), func(ctx SpecContext) {
		run := second.await(ctx)
		build(ctx, caseReturn)
		run.first(ctx, spec.TypeLogin)
		Expect(run).To(SendNo(spec.TypePublicKey))
		Expect(run.transfer(ctx)).To(Bring(run.content))
	})

	It("registers the name in transfer.info when its login is refused, and sends the file", Case(caseAnew, "LGN-9"), Basic, forgotten.label(), func(ctx SpecContext) {
		run := forgotten.await(ctx)
		run.first(ctx, spec.TypeLogin)
		Expect(run).To(GoOnTo(spec.TypeRegister))
		Expect(run.first(ctx, spec.TypeRegister)).To(Carry("name", run.name))
		Expect(run.transfer(ctx)).To(Bring(run.content))
	})

	It("makes a new key pair and a new me.info when its login is refused", Case("CLT-LGN-04", "LGN-9"), fresh.label(), forgotten.label(), func(ctx SpecContext) {
		before, run := fresh.await(ctx), forgotten.await(ctx)
		build(ctx, caseAnew)
		sent := run.first(ctx, spec.TypePublicKey)
		Expect(sent).NotTo(Carry("public key", before.first(ctx, spec.TypePublicKey).Message.(*wire.PublicKey).Key))
		old, err := state.ParseMeInfo(run.files[meInfo])
		run.need(ctx, err == nil, caseIdentity, "start with the me.info of an earlier run")
		me, err := run.identity()
		Expect(err).NotTo(HaveOccurred())
		Expect(me.Name).To(Equal(run.name), "line 1 of me.info")
		Expect(run.ids(run.name)).To(ContainElement(me.Client.String()), "line 2 of me.info is to be an id that the client was given")
		Expect(bytes.Equal(me.PrivateKey, old.PrivateKey)).To(BeFalse(), "whether me.info has the old private key")
	})
})
