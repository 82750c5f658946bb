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

// third is that client once more, which is known by then.
var third = forgotten.then("third", caseReturn, nil)

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
		Expect(run.first(ctx, spec.TypeRegister)).To(Carry("name", run.name))
		Expect(run.transfer(ctx)).To(Bring(run.content))
	})

	It("goes on under the id of its new registration, not under that in 1606", Case("CLT-LGN-05", "LGN-9"), forgotten.label(), func(ctx SpecContext) {
		run := forgotten.await(ctx)
		build(ctx, caseAnew)
		run.first(ctx, spec.TypeFile)
		for _, t := range []spec.MessageType{spec.TypePublicKey, spec.TypeFile, spec.TypeCRCOK} {
			for _, q := range run.seen.Of(t) {
				Expect(run.ids(run.name)).To(ContainElement(q.Header.Client.String()), "the client id in the header of %v", q)
			}
		}
	})

	It("comes back under its new name and id the next time", Case("CLT-LGN-06", "LGN-9", "CFG-2"), third.label(), func(ctx SpecContext) {
		run := third.await(ctx)
		build(ctx, caseAnew)
		expectReturn(ctx, run)
		Expect(run.transfer(ctx)).To(Bring(run.content))
	})

	It("ends its second run with success, like its first", Case("CLT-CRC-10", "CRC-5", "CFG-2"), second.label(), func(ctx SpecContext) {
		run := second.await(ctx)
		run.first(ctx, spec.TypeCRCOK)
		Expect(run).To(Proceed(spec.TypeFile, spec.TypeCRCOK))
		Expect(run).To(EndWell())
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
