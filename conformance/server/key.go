package server

import (
	"bytes"
	"context"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	. "github.com/xferspec/xferspec/conformance"
	"github.com/xferspec/xferspec/harness/peer"
	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/seal"
	"github.com/xferspec/xferspec/spec/wire"
)

var _ = Describe("key exchange", Server, Order(2), func() {
	It("answers a public key with an AES key wrapped under it", Case(caseKey, "KEY-2", "KEY-3"), Basic, func(ctx SpecContext) {
		c, key := registered(ctx), from(ctx).keys.get(0)
		r := c.SendKey(key)
		Expect(r).To(Answer(spec.TypeKeyAccepted))
		_, err := seal.Unwrap(key, r.Message.(*wire.KeyAccepted).Wrapped, c.Edition.KeySize())
		Expect(err).NotTo(HaveOccurred(), "%s", r)
	})

	It("names the client's id in 1602", Case("SRV-KEY-02", "KEY-9"), func(ctx SpecContext) {
		c := registered(ctx)
		r := c.SendKey(from(ctx).keys.get(0))
		from(ctx).ledger.Need(r.Type() == spec.TypeKeyAccepted, caseKey, "get an AES key for a public key", r)
		Expect(r).To(Carry("client id", c.ID))
	})

	It("gives different clients different AES keys", Case("SRV-KEY-03", "KEY-4"), func(ctx SpecContext) {
		owners := map[string]string{}
		for range 4 {
			c := leave(ctx, keyed(ctx))
			other := owners[string(c.AES)]
			check(other == "", "an AES key of its own for every client", "%q and %q got the same", other, c.Name)
			owners[string(c.AES)] = c.Name
		}
	})

	for _, bad := range badKeys {
		It("does not accept "+bad.what+" as a public key", Case(bad.id, "KEY-5"), func(ctx SpecContext) {
			c := registered(ctx)
			Expect(c.Exchange(bad.message(ctx, c))).To(Refuse(spec.TypeRegistrationRefused))
		})
	}

	It("answers what is no public key with 1601 or 1607", Case("SRV-KEY-04", "KEY-10"), func(ctx SpecContext) {
		for _, bad := range badKeys {
			c := registered(ctx)
			Expect(c.Exchange(bad.message(ctx, c))).To(RefuseByAnswer(spec.TypeRegistrationRefused), bad.what)
			leave(ctx, c)
		}
	})

	It("refuses a public key from an unknown id", Case("SRV-KEY-05", "KEY-6"), func(ctx SpecContext) {
		leave(ctx, registered(ctx))
		Expect(stranger(ctx, connect(ctx)).SendKey(from(ctx).keys.get(0))).To(Refuse(spec.TypeRegistrationRefused))
	})

	It("refuses a public key for a known name from an unknown id", Case("SRV-KEY-06", "KEY-6"), func(ctx SpecContext) {
		known := leave(ctx, registered(ctx))
		c := stranger(ctx, connect(ctx))
		c.Name = known.Name
		Expect(c.SendKey(from(ctx).keys.get(0))).To(Refuse(spec.TypeRegistrationRefused))
	})

	It("refuses a public key with the name of another client", Case("SRV-KEY-07", "KEY-6"), func(ctx SpecContext) {
		other := leave(ctx, registered(ctx))
		c := registered(ctx)
		c.Name = other.Name
		Expect(c.SendKey(from(ctx).keys.get(0))).To(Refuse(spec.TypeRegistrationRefused))
	})

	It("refuses a public key with a name that nobody has", Case("SRV-KEY-08", "KEY-6"), func(ctx SpecContext) {
		c := registered(ctx)
		c.Name = from(ctx).newName()
		Expect(c.SendKey(from(ctx).keys.get(0))).To(Refuse(spec.TypeRegistrationRefused))
	})

	It("gives a new AES key for a public key that is sent again", Case("SRV-KEY-09", "KEY-11"), func(ctx SpecContext) {
		c := keyed(ctx)
		first := c.AES
		Expect(c.SendKey(c.Key)).To(Answer(spec.TypeKeyAccepted))
		check(!bytes.Equal(c.AES, first), "another AES key than before", "the same")
	})
})

var _ = Describe("the key in force", Server, Order(6), func() {
	It("replaces a client's public key by the next one that it sends", Case("SRV-KEY-10", "KEY-7"), func(ctx SpecContext) {
		c, second := sender(ctx), from(ctx).keys.get(1)
		Expect(c.SendKey(second)).To(Answer(spec.TypeKeyAccepted))
		check(c.AES != nil, "an AES key under the new public key", "one that the new private key does not unwrap")
		expectFile(c)
		resume(ctx, again(ctx, c))
	})

	It("keeps a client's public key when the next one is refused", Case("SRV-KEY-11", "KEY-5", "ERR-5"), func(ctx SpecContext) {
		c := sender(ctx)
		c.Exchange(badKeys[0].message(ctx, c)) // that it is refused is another case's concern
		c = again(ctx, c)
		expectFile(c)
		resume(ctx, again(ctx, c))
	})

	It("keeps a client's public key when others send theirs for it", Case("SRV-KEY-12", "KEY-6", "ERR-5"), func(ctx SpecContext) {
		owner, intruder := leave(ctx, sender(ctx)), leave(ctx, registered(ctx))
		for _, as := range []peer.Client{{ID: owner.ID, Name: intruder.Name}, {ID: intruder.ID, Name: owner.Name}} {
			c := connect(ctx)
			c.ID, c.Name = as.ID, as.Name
			c.SendKey(from(ctx).keys.get(1)) // that it is refused is another case's concern
			leave(ctx, c)
		}
		owner = again(ctx, owner)
		expectFile(owner)
		resume(ctx, again(ctx, owner))
	})
})

// badKey is 160 bytes that are no key as KEY-5 wants it, made of a good one.
type badKey struct {
	id, what string
	spoil    func(der []byte) []byte
}

var badKeys = []badKey{
	{"SRV-KEY-13", "zeros", func(der []byte) []byte { return make([]byte, len(der)) }},
	{"SRV-KEY-14", "random bytes", func(der []byte) []byte { return noise(len(der), 'k') }},
	// The beginning of the 162 bytes that the exponent 65537 makes.
	{"SRV-KEY-15", "a key that was cut off at 160 bytes", func(der []byte) []byte {
		for _, length := range []int{2, 20, 24} {
			der[length] += 2
		}
		return append(der[:157], 2, 3, 1)
	}},
	// 1.2.840.113549.1.1.1 becomes …113549.1.3.1, key agreement.
	{"SRV-KEY-16", "a key for another algorithm", func(der []byte) []byte {
		return bytes.Replace(der, []byte{0xf7, 0x0d, 1, 1, 1}, []byte{0xf7, 0x0d, 1, 3, 1}, 1)
	}},
	// The modulus is a NULL of 129 bytes instead of an INTEGER.
	{"SRV-KEY-17", "a key with a broken structure", func(der []byte) []byte {
		return bytes.Replace(der, []byte{2, 0x81, 0x81}, []byte{5, 0x81, 0x81}, 1)
	}},
}

func (k badKey) message(ctx context.Context, c *peer.Client) *wire.PublicKey {
	return &wire.PublicKey{Name: c.Name, Key: k.spoil(peer.PublicDER(from(ctx).keys.get(0)))}
}

// expectFile sees that a file arrives under the AES key that the client has.
func expectFile(c *peer.Client) {
	GinkgoHelper()
	t := c.NewTransfer("under-this-key.txt", []byte("readable under the key in force only"), peer.DefaultPacket)
	Expect(c.SendTransfer(t)).To(Acknowledge(t))
}
