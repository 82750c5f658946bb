package server

import (
	"fmt"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	. "github.com/xferspec/xferspec/conformance"
	"github.com/xferspec/xferspec/harness/peer"
	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/seal"
	"github.com/xferspec/xferspec/spec/wire"
)

var _ = Describe("version", Server, Order(9), func() {
	It("puts version 3 into every response", Case("SRV-VER-01", "VER-1"), func(ctx SpecContext) {
		c := conversant(ctx)
		replies := converse(ctx, c)
		anew := func() *peer.Client {
			c = again(ctx, c)
			return c
		}
		replies = append(replies, anew().Register(c.Name), ask(anew(), unknownCodes(c.Edition)[0]))
		if c.Edition.Has(spec.TypeLogin) {
			replies = append(replies, anew().Login(), stranger(ctx, anew()).Login())
		}
		for _, r := range replies {
			if r.Outcome == peer.Answered { // a refusal may be a close
				Expect(r).To(Carry("version", c.Edition.Version))
			}
		}
	})

	for _, row := range []struct {
		id      string
		version uint64
	}{
		{"SRV-VER-02", 0}, {"SRV-VER-03", 1}, {"SRV-VER-04", 2}, {"SRV-VER-05", 4}, {"SRV-VER-06", 255},
	} {
		It(fmt.Sprintf("grants or refuses a registration of version %d as a whole", row.version), Case(row.id, "VER-3"), func(ctx SpecContext) {
			from(ctx).ledger.Require(caseRegister, caseTaken)
			c, name := connect(ctx), from(ctx).newName()
			c.SendBytes(withVersion(c, &wire.Register{Name: name}, row.version))
			r := c.Receive()
			Expect(r).To(Process(spec.TypeRegistered, spec.TypeRegistrationRefused))
			effect := spec.TypeRegistered // none: the name is free
			if r.Type() == spec.TypeRegistered {
				effect = spec.TypeRegistrationRefused
			}
			leave(ctx, c)
			Expect(connect(ctx).Register(name)).To(Answer(effect), "the same name once more, after %s", r.What())
		})
	}

	It("grants or refuses a file of another version as a whole", Case("SRV-VER-07", "VER-3"), func(ctx SpecContext) {
		c := sender(ctx)
		t := c.NewTransfer("version.txt", []byte("from the future"), peer.DefaultPacket)
		c.SendBytes(withVersion(c, &t.Packets[0], 4))
		r := c.ReceiveFor(t)
		Expect(r).To(Process(spec.TypeFileReceived))
		if r.Type() == spec.TypeFileReceived {
			Expect(r).To(Acknowledge(t))
		}
		expectFile(again(ctx, c))
	})

	It("grants or refuses a public key of another version as a whole", Case("SRV-VER-08", "VER-3"), func(ctx SpecContext) {
		c := sender(ctx)
		c.SendBytes(withVersion(c, sample(ctx, c, spec.TypePublicKey), 4))
		r := c.Receive()
		Expect(r).To(Process(spec.TypeKeyAccepted, spec.TypeRegistrationRefused))
		c = again(ctx, c)
		if m, ok := r.Message.(*wire.KeyAccepted); ok {
			c.AES, _ = seal.Unwrap(c.Key, m.Wrapped, c.Edition.KeySize())
			check(c.AES != nil, "an AES key under the public key", "one that does not unwrap")
		}
		expectFile(c)
	})

	It("grants or refuses a login of another version as a whole", Case("SRV-VER-09", "VER-3", "LGN-2"), func(ctx SpecContext) {
		c := again(ctx, sender(ctx))
		c.SendBytes(withVersion(c, &wire.Login{Name: c.Name}, 4))
		r := c.Receive()
		Expect(r).To(Process(spec.TypeLoginAccepted, spec.TypeLoginRefused))
		c = again(ctx, c)
		if m, ok := r.Message.(*wire.LoginAccepted); ok {
			c.AES, _ = seal.Unwrap(c.Key, m.Wrapped, c.Edition.KeySize())
			check(c.AES != nil, "an AES key under the public key", "one that does not unwrap")
		}
		expectFile(c)
	})
})
