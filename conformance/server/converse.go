package server

import (
	"context"

	"github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/xferspec/xferspec/harness/peer"
	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/wire"
)

// converse runs a whole conversation on a new connection: registration, key,
// file, a resend, the end. Every answer has to be right; it returns them all.
func converse(ctx context.Context, c *peer.Client) []peer.Reply {
	ginkgo.GinkgoHelper()
	replies := []peer.Reply{c.Register(from(ctx).newName())}
	Expect(replies[0]).To(Answer(spec.TypeRegistered))
	replies = append(replies, c.SendKey(from(ctx).keys.get(0)))
	Expect(replies[1]).To(Answer(spec.TypeKeyAccepted))
	check(c.AES != nil, "an AES key under the public key", "one that does not unwrap")

	t := c.NewTransfer("conversation.bin", noise(900, 20), peer.DefaultPacket)
	replies = append(replies, c.SendTransfer(t))
	Expect(replies[2]).To(Acknowledge(t))
	c.Send(&wire.CRCBad{Name: t.Name})
	replies = append(replies, c.SendTransfer(t))
	Expect(replies[3]).To(Acknowledge(t))
	replies = append(replies, c.Exchange(&wire.CRCOK{Name: t.Name}))
	Expect(replies[4]).To(Answer(spec.TypeThanks))
	return replies
}

// conversant is a new connection for cases that hold a whole conversation:
// they are not run on a server that fails at one of its parts.
func conversant(ctx context.Context) *peer.Client {
	ginkgo.GinkgoHelper()
	from(ctx).ledger.Require(caseRegister, caseKey, caseFile, caseOnce, caseThanks, caseResend)
	return connect(ctx)
}

// expectInStep sees that the server has not lost its place in the stream: a
// whole file that follows is answered as it should be, or the connection has
// ended. At most one answer to what was sent before may come first.
func expectInStep(c *peer.Client) {
	ginkgo.GinkgoHelper()
	before := c.Sent()
	t := c.NewTransfer("in-step.bin", noise(900, 21), peer.DefaultPacket)
	c.SendPackets(t.Packets...)
	r := c.ReceiveFor(t)
	if first := typeOf(r); first != spec.TypeUnknown && first != spec.TypeFileReceived {
		r = c.ReceiveFor(t)
	}
	if !r.Ended() {
		Expect(r).To(Acknowledge(t), "on the same connection after %s", before)
	}
}
