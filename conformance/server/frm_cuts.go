package server

import (
	"slices"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	. "github.com/xferspec/xferspec/conformance"
	"github.com/xferspec/xferspec/harness/peer"
	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/wire"
)

var _ = Describe("a request that breaks off", Server, Order(8), func() {
	for _, row := range probes {
		It("frees a connection that ends inside "+row.what+", wherever, and forgets the request",
			Case(row.cut, append([]string{"FRM-14"}, row.clauses...)...), func(ctx SpecContext) {
				owner := leave(ctx, sender(ctx))
				message := sample(ctx, owner, row.request)
				if row.request == spec.TypePublicKey {
					message = &wire.PublicKey{Name: owner.Name, Key: peer.PublicDER(from(ctx).keys.get(1))}
				}
				b := owner.Encode(message)
				for _, n := range stumps(owner.Edition, b) {
					c := beside(ctx, owner)
					c.SendBytes(b[:n])
					r := hangUp(c)
					if r.Outcome == peer.Answered && slices.Contains(append(refusals(row.request), spec.TypeError), r.Type()) {
						r = c.Receive() // an answer is no fault, the end has to follow
					}
					Expect(r).To(End(), "after %d bytes of %d", n, len(b))
					leave(ctx, c)
				}
				if m, ok := message.(*wire.Register); ok {
					Expect(connect(ctx).Register(m.Name)).To(Answer(spec.TypeRegistered), "the name in the requests that were cut off")
					return
				}
				expectFile(beside(ctx, owner)) // under the key that nothing has changed
			})
	}

	It("goes on serving when connections are closed inside requests of all kinds", Case("SRV-ERR-18", "ERR-4"), func(ctx SpecContext) {
		owner := leave(ctx, conversant(ctx).As(keyed(ctx)))
		for _, row := range probes {
			if !owner.Edition.Has(row.request) {
				continue
			}
			b := owner.Encode(sample(ctx, owner, row.request))
			for _, n := range boundaries(owner.Edition, b) {
				c := beside(ctx, owner)
				c.SendBytes(b[:n])
				leave(ctx, c)
			}
		}
		converse(ctx, conversant(ctx))
	})
})

// stumps returns how much of a request to send: every number of bytes up to a
// whole header, and then up to the fields of the payload, a byte less or more.
func stumps(ed *spec.Edition, message []byte) (lengths []int) {
	for n := 1; n <= wire.RequestHeaderSize; n++ {
		lengths = append(lengths, n)
	}
	for _, n := range boundaries(ed, message) {
		if n > wire.RequestHeaderSize {
			lengths = append(lengths, n)
		}
	}
	return lengths
}
