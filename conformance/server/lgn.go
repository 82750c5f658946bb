package server

import (
	"bytes"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	. "github.com/xferspec/xferspec/conformance"
	"github.com/xferspec/xferspec/harness/peer"
	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/seal"
	"github.com/xferspec/xferspec/spec/wire"
)

var _ = Describe("login", Server, Order(5), func() {
	It("answers a known client with an AES key under its public key", Case(caseLogin, "LGN-2"), Basic, func(ctx SpecContext) {
		c := again(ctx, keyed(ctx))
		r := c.Login()
		Expect(r).To(Answer(spec.TypeLoginAccepted))
		_, err := seal.Unwrap(c.Key, r.Message.(*wire.LoginAccepted).Wrapped, c.Edition.KeySize())
		Expect(err).NotTo(HaveOccurred(), "%s", r)
	})

	It("names the client's id in 1605", Case("SRV-LGN-02", "LGN-2", "KEY-9"), func(ctx SpecContext) {
		c := again(ctx, keyed(ctx))
		r := c.Login()
		from(ctx).ledger.Need(r.Type() == spec.TypeLoginAccepted, caseLogin, "log in", r)
		Expect(r).To(Carry("client id", c.ID))
	})

	It("decrypts files with the AES key of the login", Case("SRV-LGN-03", "LGN-5"), func(ctx SpecContext) {
		c := again(ctx, sender(ctx))
		resume(ctx, c)
		expectFile(c)
	})

	It("does not take a file under the key before the last login for the right one", Case("SRV-LGN-17", "LGN-5"), func(ctx SpecContext) {
		c := sender(ctx, casePackets)
		old := c.AES
		c = again(ctx, c)
		resume(ctx, c)
		from(ctx).ledger.Need(!bytes.Equal(c.AES, old), "SRV-LGN-04", "get a new AES key by a login", "the same as before")
		current := c.AES
		c.AES = old
		t := c.NewTransfer("old-key.bin", noise(3000, 43), peer.DefaultPacket)
		Expect(c.SendTransfer(t)).To(NotPass(t))
		c.AES = current
		expectFile(again(ctx, c))
	})

	It("gives a new AES key at every login", Case("SRV-LGN-04", "LGN-6"), func(ctx SpecContext) {
		c := keyed(ctx)
		seen := [][]byte{c.AES}
		for range 3 {
			c = again(ctx, c)
			resume(ctx, c)
			for _, key := range seen {
				check(!bytes.Equal(c.AES, key), "an AES key that was not handed out before", "an earlier one at login %d", len(seen))
			}
			seen = append(seen, c.AES)
		}
	})

	for _, row := range []struct {
		id, what, clause string
		as               func(ctx SpecContext, known, other *peer.Client) *peer.Client
	}{
		{"SRV-LGN-05", "an unknown id with an unknown name", "LGN-3", func(ctx SpecContext, known, _ *peer.Client) *peer.Client {
			return stranger(ctx, known)
		}},
		{"SRV-LGN-06", "an unknown id with a known name", "LGN-3", func(ctx SpecContext, known, other *peer.Client) *peer.Client {
			stranger(ctx, known).Name = other.Name
			return known
		}},
		{"SRV-LGN-07", "a known id with an unknown name", "LGN-3", func(ctx SpecContext, known, _ *peer.Client) *peer.Client {
			known.Name = from(ctx).newName()
			return known
		}},
		{"SRV-LGN-08", "a known id with the name of another client", "LGN-3", func(_ SpecContext, known, other *peer.Client) *peer.Client {
			known.Name = other.Name
			return known
		}},
		{"SRV-LGN-14", "a known id with the beginning of its name", "LGN-3", func(_ SpecContext, known, _ *peer.Client) *peer.Client {
			known.Name = known.Name[:len(known.Name)-1]
			return known
		}},
		{"SRV-LGN-15", "a known id with an empty name", "LGN-3", func(_ SpecContext, known, _ *peer.Client) *peer.Client {
			known.Name = ""
			return known
		}},
		{"SRV-LGN-16", "an id of zeros with a known name", "LGN-3", func(_ SpecContext, known, _ *peer.Client) *peer.Client {
			known.ID = wire.ID{}
			return known
		}},
		{"SRV-LGN-09", "a client that never sent a public key", "LGN-4", func(ctx SpecContext, _, _ *peer.Client) *peer.Client {
			return registered(ctx)
		}},
		{"SRV-LGN-10", "a client whose only public key was refused", "LGN-4", func(ctx SpecContext, _, _ *peer.Client) *peer.Client {
			c := registered(ctx)
			r := c.Exchange(badKeys[0].message(ctx, c))
			from(ctx).ledger.Need(r.Type() != spec.TypeKeyAccepted, badKeys[0].id, "have a bad public key refused", r)
			return c
		}},
	} {
		It("refuses "+row.what+" with 1606 and the id of the request", Case(row.id, row.clause), func(ctx SpecContext) {
			known, other := leave(ctx, keyed(ctx)), leave(ctx, keyed(ctx))
			c := row.as(ctx, known, other)
			r := again(ctx, c).Login()
			Expect(r).To(Answer(spec.TypeLoginRefused))
			Expect(r).To(Carry("client id", c.ID))
		})
	}

	It("makes no client of an unknown name that logs in", Case("SRV-LGN-11", "LGN-3", "ERR-5"), func(ctx SpecContext) {
		leave(ctx, registered(ctx))
		c := stranger(ctx, connect(ctx))
		Expect(c.Login()).To(Refuse(spec.TypeLoginRefused))
		leave(ctx, c)
		Expect(connect(ctx).Register(c.Name)).To(Answer(spec.TypeRegistered))
	})

	It("leaves a client's AES key alone when another fails to log in as it", Case("SRV-LGN-12", "LGN-3", "ERR-5"), func(ctx SpecContext) {
		owner := leave(ctx, sender(ctx))
		c := stranger(ctx, connect(ctx))
		c.Name = owner.Name
		Expect(c.Login()).To(Refuse(spec.TypeLoginRefused))
		leave(ctx, c)
		expectFile(again(ctx, owner))
	})

	It("lets a known client log in after a restart", Case("SRV-LGN-13", "LGN-7"), Local, func(ctx SpecContext) {
		c := again(ctx, keyed(ctx))
		resume(ctx, c)
		leave(ctx, c)
		restart(ctx)
		c = again(ctx, c)
		Expect(c.Login()).To(Answer(spec.TypeLoginAccepted))
		check(c.AES != nil, "an AES key under the client's public key", "one that the private key does not unwrap")
	})
})
