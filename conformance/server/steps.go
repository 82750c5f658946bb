package server

import (
	"context"
	"crypto/rand"
	"fmt"
	rand2 "math/rand/v2"

	"github.com/onsi/ginkgo/v2"

	"github.com/xferspec/xferspec/harness/peer"
	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/wire"
)

// Cases on which others build: what they test, others take for granted.
const (
	caseTwo      = "SRV-FRM-01" // connections at the same time
	caseApart    = "SRV-FRM-45" // header and payload
	caseSecond   = "SRV-FRM-46" // request on a connection
	caseRegister = "SRV-REG-01"
	caseTaken    = "SRV-REG-04" // name
	caseKey      = "SRV-KEY-01"
	caseFile     = "SRV-FIL-01"
	caseOnce     = "SRV-FIL-02" // answered
	casePackets  = "SRV-FIL-03"
	caseThanks   = "SRV-CRC-01"
	caseResend   = "SRV-CRC-02"
	caseAbort    = "SRV-CRC-04"
	caseLogin    = "SRV-LGN-01"
	caseStored   = "SRV-STO-01"
)

// connect opens a connection to the target and closes it when the case ends.
// A target that takes no connection at all is a failure of the case; one that
// serves a single connection at a time gets no second one.
func connect(ctx context.Context) *peer.Client {
	ginkgo.GinkgoHelper()
	e := from(ctx)
	if len(e.open) > 0 {
		e.ledger.Require(caseTwo)
	}
	c, err := peer.Dial(ctx, e.target.Addr(), e.options(ctx))
	if err != nil {
		ginkgo.Fail(fmt.Sprintf("expected: a connection to %s\nactual:   %v", e.target.Addr(), err))
	}
	e.open[c] = true
	ginkgo.DeferCleanup(c.Close)
	return c
}

// leave closes the client's connection; client and files stay.
func leave(ctx context.Context, c *peer.Client) *peer.Client {
	c.Close()
	delete(from(ctx).open, c)
	return c
}

// again closes the client's connection and opens another for it.
func again(ctx context.Context, c *peer.Client) *peer.Client {
	ginkgo.GinkgoHelper()
	return beside(ctx, leave(ctx, c))
}

// beside opens another connection for the client.
func beside(ctx context.Context, c *peer.Client) *peer.Client {
	ginkgo.GinkgoHelper()
	return connect(ctx).As(c)
}

// hangUp ends the client's half of the connection. Whatever comes back then,
// the server has read up to there.
func hangUp(c *peer.Client) peer.Reply {
	c.CloseWrite()
	return c.Receive()
}

// registered returns a connection on which a fresh name has been registered. A
// server that refuses some free names, which other cases are about, is asked
// for a few.
func registered(ctx context.Context) *peer.Client {
	ginkgo.GinkgoHelper()
	c := connect(ctx)
	r := c.Register(from(ctx).newName())
	for range 2 {
		if r.Type() == spec.TypeRegistered || r.Outcome == peer.Silent {
			break
		}
		leave(ctx, c)
		c = connect(ctx)
		r = c.Register(from(ctx).newName())
	}
	from(ctx).ledger.Need(r.Type() == spec.TypeRegistered, caseRegister, "register a client", r)
	return c
}

// keyed returns a connection whose client is registered and has an AES key.
func keyed(ctx context.Context) *peer.Client {
	ginkgo.GinkgoHelper()
	c := registered(ctx)
	r := c.SendKey(from(ctx).keys.get(0))
	from(ctx).ledger.Need(c.AES != nil, caseKey, "get an AES key for a public key", r)
	return c
}

// sender is keyed for cases that judge how files are answered: they are not
// run on a server that does not get a short file right, or fails at one of
// the other cases that they build on.
func sender(ctx context.Context, also ...string) *peer.Client {
	ginkgo.GinkgoHelper()
	from(ctx).ledger.Require(append([]string{caseFile, caseOnce}, also...)...)
	return keyed(ctx)
}

// sent sends a file and returns the server's 1603.
func sent(ctx context.Context, c *peer.Client, name string, plain []byte) peer.Reply {
	ginkgo.GinkgoHelper()
	r := c.SendFile(name, plain)
	from(ctx).ledger.Need(r.Type() == spec.TypeFileReceived, caseFile, "send a file", r)
	return r
}

// stored returns a keyed client whose file the server has received.
func stored(ctx context.Context, name string, plain []byte) *peer.Client {
	ginkgo.GinkgoHelper()
	from(ctx).ledger.Require(caseOnce)
	c := keyed(ctx)
	sent(ctx, c, name, plain)
	return c
}

// verified returns a client whose file the server has received and been told
// that it is right. Its connection has ended: go on with again.
func verified(ctx context.Context, name string, plain []byte) *peer.Client {
	ginkgo.GinkgoHelper()
	c := stored(ctx, name, plain)
	r := c.Exchange(&wire.CRCOK{Name: name})
	from(ctx).ledger.Need(r.Type() == spec.TypeThanks, caseThanks, "get thanks for a right checksum", r)
	return leave(ctx, c)
}

// resume gets the client a new AES key as a returning one does: by logging in,
// or where the edition has no login by sending its public key again.
func resume(ctx context.Context, c *peer.Client) {
	ginkgo.GinkgoHelper()
	c.AES = nil
	if from(ctx).edition.Has(spec.TypeLogin) {
		r := c.Login()
		from(ctx).ledger.Need(c.AES != nil, caseLogin, "log in and unwrap the AES key", r)
		return
	}
	r := c.SendKey(c.Key)
	from(ctx).ledger.Need(c.AES != nil, caseKey, "send the public key again and unwrap the AES key", r)
}

// stranger makes the connection speak for a client that the server has never seen.
func stranger(ctx context.Context, c *peer.Client) *peer.Client {
	c.Name, c.Key, c.AES = from(ctx).newName(), from(ctx).keys.get(0), make([]byte, c.Edition.KeySize())
	_, _ = rand.Read(c.ID[:]) // never fails
	_, _ = rand.Read(c.AES)
	return c
}

// refusals are the responses, besides the general error, that refuse a request.
func refusals(t spec.MessageType) []spec.MessageType {
	switch t {
	case spec.TypeRegister, spec.TypePublicKey:
		return []spec.MessageType{spec.TypeRegistrationRefused}
	case spec.TypeLogin:
		return []spec.MessageType{spec.TypeLoginRefused}
	}
	return nil
}

// noise returns n bytes that look random and are the same in every run, other
// ones for every seed.
func noise(n int, seed byte) []byte {
	b := make([]byte, n)
	_, _ = rand2.NewChaCha8([32]byte{seed}).Read(b) // never fails
	return b
}
