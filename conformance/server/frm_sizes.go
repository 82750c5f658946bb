package server

import (
	"context"
	"fmt"
	"math"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	. "github.com/xferspec/xferspec/conformance"
	"github.com/xferspec/xferspec/harness/peer"
	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/wire"
)

// misfits are the ways to give a request another payload than its code calls for.
var misfits = []struct {
	must, should string // ids of the cases that it must do no harm and should be refused
	what         string
	longer       bool // which a file cannot be
	payload      func(right, hidden []byte) []byte
}{
	{"SRV-FRM-27", "SRV-FRM-28", "no payload", false, func(_, _ []byte) []byte { return nil }},
	{"SRV-FRM-29", "SRV-FRM-30", "half of its payload", false, func(right, _ []byte) []byte { return right[:len(right)/2] }},
	{"SRV-FRM-57", "SRV-FRM-58", "a byte less than its payload", false, func(right, _ []byte) []byte { return right[:len(right)-1] }},
	{"SRV-FRM-31", "SRV-FRM-32", "a byte more than its payload", true, func(right, _ []byte) []byte { return append(right, 0) }},
	{"SRV-FRM-33", "SRV-FRM-34", "a request hidden behind its payload", true, func(right, hidden []byte) []byte { return append(right, hidden...) }},
}

var _ = Describe("payload sizes", Server, Order(8), func() {
	for _, misfit := range misfits {
		It("stays in step or closes after requests with "+misfit.what, Case(misfit.must, "FRM-12"), func(ctx SpecContext) {
			owner := leave(ctx, sender(ctx))
			for _, t := range misshapable(ctx, misfit.longer) {
				c, hidden := again(ctx, owner), from(ctx).newName()
				c.SendBytes(resized(ctx, c, t, func(right []byte) []byte {
					return misfit.payload(right, c.Encode(&wire.Register{Name: hidden}))
				}))
				expectInStep(c)
				leave(ctx, c)
				other := connect(ctx)
				Expect(other.Register(hidden)).To(Answer(spec.TypeRegistered), "the name that was hidden in a payload")
				leave(ctx, other)
			}
		})

		It("refuses requests with "+misfit.what, Case(misfit.should, "FRM-17"), func(ctx SpecContext) {
			owner := leave(ctx, keyed(ctx))
			for _, t := range misshapable(ctx, misfit.longer) {
				c := again(ctx, owner)
				c.SendBytes(resized(ctx, c, t, func(right []byte) []byte {
					return misfit.payload(right, c.Encode(&wire.Register{Name: from(ctx).newName()}))
				}))
				Expect(c.Receive()).To(Refuse(refusals(t)...))
				leave(ctx, c)
			}
		})
	}

	for _, row := range []struct {
		id      string
		request spec.MessageType
		what    string
	}{
		{"SRV-FRM-35", spec.TypeRegister, "a registration"},
		{"SRV-FRM-36", spec.TypeFile, "a file"},
		{"SRV-FRM-37", spec.TypeUnknown, "a request with an unknown code"},
	} {
		It(fmt.Sprintf("serves others while %s declares %d bytes", row.what, uint32(math.MaxUint32)), Case(row.id, "FRM-13"), func(ctx SpecContext) {
			other := conversant(ctx)
			c := keyed(ctx)
			code, _ := c.Edition.Code(row.request) // 0 is unknown in all editions
			h := wire.RequestHeader{Client: c.ID, Version: c.Edition.Version, Code: code, Size: math.MaxUint32}
			c.SendBytes(append(h.Append(nil), noise(1000, 27)...))
			converse(ctx, other)
			hangUp(c) // only now is it sure that the server has seen the header: it may die of that
		})
	}
})

// misshapable lists the requests that can have a payload that is too short, or
// too long.
func misshapable(ctx context.Context, longer bool) (requests []spec.MessageType) {
	for _, t := range spec.RequestTypes() {
		if from(ctx).edition.Has(t) && (t != spec.TypeFile || !longer) {
			requests = append(requests, t)
		}
	}
	return requests
}

// resized returns a request whose payload is what f makes of the right one.
// Keys and logins are a stranger's, so that none of them is granted.
func resized(ctx context.Context, c *peer.Client, t spec.MessageType, f func(payload []byte) []byte) []byte {
	who := c
	if t == spec.TypePublicKey || t == spec.TypeLogin {
		who = stranger(ctx, &peer.Client{Edition: c.Edition})
	}
	least, _ := wire.PayloadSize(c.Edition, t)
	b := who.Encode(sample(ctx, who, t))
	payload := f(b[wire.RequestHeaderSize : wire.RequestHeaderSize+least : wire.RequestHeaderSize+least])
	code, _ := c.Edition.Code(t)
	return frame(who, code, payload)
}
