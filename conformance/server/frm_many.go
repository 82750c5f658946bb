package server

import (
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	. "github.com/xferspec/xferspec/conformance"
	"github.com/xferspec/xferspec/harness/peer"
	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/wire"
)

var _ = Describe("two connections", Server, Order(0), func() {
	It("answers on one connection while another says nothing", Case(caseTwo, "FRM-7"), Basic, func(ctx SpecContext) {
		connect(ctx)
		c := connect(ctx)
		c.Send(&wire.Register{Name: from(ctx).newName()})
		r := c.Receive()
		check(r.Outcome != peer.Silent, "an answer, whatever it is", "%s", r)
	})
})

var _ = Describe("many connections", Server, Order(8), func() {
	for _, row := range []struct {
		id, what string
		bytes    int // of a registration that the stalled connection sends
	}{
		{"SRV-FRM-02", "inside a header", 10},
		{"SRV-FRM-03", "after a header", wire.RequestHeaderSize},
		{"SRV-FRM-04", "inside a payload", wire.RequestHeaderSize + 100},
	} {
		It("serves others while one connection has stopped "+row.what, Case(row.id, "FRM-7"), func(ctx SpecContext) {
			other, stalled := conversant(ctx), connect(ctx)
			stalled.SendBytes(stalled.Encode(&wire.Register{Name: from(ctx).newName()})[:row.bytes])
			converse(ctx, other)
			hangUp(stalled)
		})
	}

	It("serves others while a transfer has stopped", Case("SRV-FRM-05", "FRM-7"), func(ctx SpecContext) {
		other, stalled := conversant(ctx), sender(ctx)
		b := stalled.EncodeTransfer(stalled.NewTransfer("stalled.bin", noise(3000, 25), peer.DefaultPacket))
		stalled.SendBytes(b[:len(b)/2])
		converse(ctx, other)
		hangUp(stalled)
	})

	It("serves others while 20 connections say nothing", Case("SRV-FRM-06", "FRM-7"), func(ctx SpecContext) {
		other := conversant(ctx)
		for range 20 {
			connect(ctx)
		}
		converse(ctx, other)
	})

	for _, row := range []struct {
		id, what string
		rest     func(b []byte) []byte
	}{
		{"SRV-FRM-07", "inside a header", func(b []byte) []byte { return b[:10] }},
		{"SRV-FRM-08", "after a header", func(b []byte) []byte { return b[:wire.RequestHeaderSize] }},
		{"SRV-FRM-09", "one byte before the end", func(b []byte) []byte { return b[:len(b)-1] }},
	} {
		It("frees a connection that ends "+row.what+", and forgets the request", Case(row.id, "FRM-14"), func(ctx SpecContext) {
			from(ctx).ledger.Require(caseRegister)
			c, name := connect(ctx), from(ctx).newName()
			c.SendBytes(row.rest(c.Encode(&wire.Register{Name: name})))
			r := hangUp(c)
			if typeOf(r) == spec.TypeError || typeOf(r) == spec.TypeRegistrationRefused {
				r = c.Receive() // an answer is no fault, the end has to follow
			}
			Expect(r).To(End())
			leave(ctx, c)
			Expect(connect(ctx).Register(name)).To(Answer(spec.TypeRegistered), "the name of the request that was cut off")
		})
	}

	It("keeps a client's key when the next one is cut off", Case("SRV-FRM-10", "FRM-14"), func(ctx SpecContext) {
		c := sender(ctx)
		b := c.Encode(&wire.PublicKey{Name: c.Name, Key: peer.PublicDER(from(ctx).keys.get(1))})
		c.SendBytes(b[:len(b)-1])
		hangUp(c)
		expectFile(again(ctx, c))
	})

	It("receives a whole file from a client whose last transfer broke off", Case("SRV-FRM-11", "FRM-14"), func(ctx SpecContext) {
		c := sender(ctx)
		b := c.EncodeTransfer(c.NewTransfer("under-this-key.txt", noise(3000, 26), peer.DefaultPacket))
		c.SendBytes(b[:len(b)-1])
		hangUp(c)
		expectFile(again(ctx, c))
	})
})
