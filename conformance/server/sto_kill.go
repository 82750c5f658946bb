package server

import (
	"context"
	"crypto/rsa"
	"fmt"
	"math/rand/v2"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	. "github.com/xferspec/xferspec/conformance"
	"github.com/xferspec/xferspec/harness/peer"
	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/wire"
)

// How often the server is killed, and how many clients upload a file each time.
const (
	kills        = 6
	uploadsAKill = 5
)

var _ = Describe("a kill", Server, Local, Order(13), func() {
	It("undoes nothing that was answered", Case("SRV-STO-17", "STO-5"), func(ctx SpecContext) {
		e := from(ctx)
		e.ledger.Require(caseTaken, caseOnce, caseThanks, caseStored)
		began := time.Now()
		verified(ctx, "first.txt", unique(ctx, "to see how long an upload takes"))
		span := uploadsAKill * time.Since(began)

		seed := rand.Uint64()                    //nolint:gosec // no secret
		random := rand.New(rand.NewPCG(seed, 0)) //nolint:gosec // no secret
		var all []*upload
		for range kills {
			ended := make(chan []*upload)
			key, named, addr := e.keys.get(0), newUploads(ctx), e.target.Addr()
			go func() { ended <- e.uploadUntilKilled(ctx, addr, key, named) }()
			after := time.Duration(random.Int64N(int64(span)))
			var done []*upload
			select {
			case <-time.After(after):
			case done = <-ended:
			}
			killed(ctx)
			if done == nil {
				done = <-ended
			}
			for _, u := range done {
				u.fate = fmt.Sprintf("with a kill %s after the first of %d uploads began (random seed %d)", after.Round(time.Microsecond), uploadsAKill, seed)
			}
			all = append(all, done...)
		}
		for _, u := range all {
			u.expectKept(ctx)
		}
	})
})

// upload is what a client does, and how far it came before the kill.
type upload struct {
	client *peer.Client
	name   string
	plain  []byte
	last   spec.MessageType // that answered it; TypeUnknown if nothing did
	fate   string
}

func newUploads(ctx context.Context) (all []*upload) {
	for range uploadsAKill {
		all = append(all, &upload{name: from(ctx).newName(), plain: unique(ctx, "before the kill")})
	}
	return all
}

// uploadUntilKilled makes one upload after the other and returns those of which
// anything was answered.
func (e *env) uploadUntilKilled(ctx context.Context, addr string, key *rsa.PrivateKey, uploads []*upload) (answered []*upload) {
	for _, u := range uploads {
		c, err := peer.Dial(ctx, addr, peer.Options{Edition: e.edition, Timeout: e.timeout})
		if err != nil {
			break
		}
		u.client = c
		u.run(key)
		c.Close()
		if u.last == spec.TypeUnknown {
			break
		}
		answered = append(answered, u)
	}
	return answered
}

// run goes as far as the server goes along.
func (u *upload) run(key *rsa.PrivateKey) {
	for _, step := range []struct {
		answer spec.MessageType
		do     func() peer.Reply
	}{
		{spec.TypeRegistered, func() peer.Reply { return u.client.Register(u.name) }},
		{spec.TypeKeyAccepted, func() peer.Reply { return u.client.SendKey(key) }},
		{spec.TypeFileReceived, func() peer.Reply { return u.client.SendFile("killed.txt", u.plain) }},
		{spec.TypeThanks, func() peer.Reply { return u.client.Exchange(&wire.CRCOK{Name: "killed.txt"}) }},
	} {
		if step.do().Type() != step.answer {
			return
		}
		u.last = step.answer
		if step.answer == spec.TypeKeyAccepted && u.client.AES == nil {
			return
		}
	}
}

// expectKept fails the case if something of an upload is gone that was answered.
func (u *upload) expectKept(ctx context.Context) {
	GinkgoHelper()
	other := connect(ctx)
	Expect(other.Register(u.name)).NotTo(Answer(spec.TypeRegistered), "the registration is there, %s", u.fate)
	leave(ctx, other)
	if u.last == spec.TypeRegistered {
		return
	}
	c := beside(ctx, u.client)
	if c.Edition.Has(spec.TypeLogin) { // without one nobody asks for a stored key
		from(ctx).ledger.Require(caseLogin)
		Expect(c.Login()).To(Answer(spec.TypeLoginAccepted), "the public key is there, %s", u.fate)
	}
	if u.last == spec.TypeFileReceived {
		c.Exchange(&wire.CRCOK{Name: "killed.txt"}) // only then it has to be there as plaintext (STO-6)
	}
	leave(ctx, c)
	if u.last != spec.TypeKeyAccepted {
		expectStored(ctx, u.plain, "a file that was answered with "+u.last.String()+", "+u.fate)
	}
}
