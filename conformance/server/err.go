package server

import (
	"bytes"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	. "github.com/xferspec/xferspec/conformance"
	"github.com/xferspec/xferspec/harness/peer"
	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/wire"
)

var _ = Describe("errors", Server, Order(10), func() {
	for i, row := range []struct{ id, what string }{
		{"SRV-ERR-01", "0"},
		{"SRV-ERR-02", "one below those of the requests"},
		{"SRV-ERR-03", "one above those of the requests"},
		{"SRV-ERR-04", "that of a response"},
		{"SRV-ERR-05", "65535"},
	} {
		It("refuses an unknown code, "+row.what, Case(row.id, "ERR-1"), func(ctx SpecContext) {
			c := connect(ctx)
			Expect(ask(c, unknownCodes(c.Edition)[i])).To(Refuse())
		})
	}

	It("answers an unknown code with 1607", Case("SRV-ERR-06", "ERR-6"), func(ctx SpecContext) {
		for _, code := range unknownCodes(from(ctx).edition) {
			c := connect(ctx)
			Expect(ask(c, code)).To(Answer(spec.TypeError))
			leave(ctx, c)
		}
	})

	It("sends 1601 and 1607 without a payload", Case("SRV-ERR-07", "ERR-2"), func(ctx SpecContext) {
		c := registered(ctx)
		anew := func() *peer.Client {
			c = again(ctx, c)
			return c
		}
		for _, r := range []peer.Reply{
			anew().Register(c.Name),
			ask(anew(), unknownCodes(c.Edition)[0]),
			stranger(ctx, anew()).SendKey(from(ctx).keys.get(0)),
			stranger(ctx, anew()).SendFile("no-one.txt", nil),
		} {
			if t := typeOf(r); t == spec.TypeError || t == spec.TypeRegistrationRefused {
				check(r.Header.Size == 0, "no payload", "%d bytes in %s", r.Header.Size, r)
			}
		}
	})

	for _, row := range []struct {
		id, what string
		payload  func(c *peer.Client, hidden string) []byte
	}{
		{"SRV-ERR-08", "10 bytes", func(*peer.Client, string) []byte { return noise(10, 30) }},
		{"SRV-ERR-09", "100 KB", func(*peer.Client, string) []byte { return noise(100_000, 31) }},
		{"SRV-ERR-10", "a whole request", func(c *peer.Client, hidden string) []byte { return c.Encode(&wire.Register{Name: hidden}) }},
	} {
		It("passes over a payload of "+row.what+" after an unknown code, or closes", Case(row.id, "ERR-3"), func(ctx SpecContext) {
			c, hidden := sender(ctx), from(ctx).newName()
			c.SendBytes(frame(c, unknownCodes(c.Edition)[0], row.payload(c, hidden)))
			expectInStep(c)
			leave(ctx, c)
			Expect(connect(ctx).Register(hidden)).To(Answer(spec.TypeRegistered), "the name that was hidden in a payload")
		})
	}

	for _, row := range []struct {
		id, what string
		bytes    []byte
	}{
		{"SRV-ERR-11", "a connection without a byte", nil},
		{"SRV-ERR-12", "5 bytes", []byte("hello")},
		{"SRV-ERR-13", "1000 zeros", make([]byte, 1000)},
		{"SRV-ERR-14", "1000 times 0xFF", bytes.Repeat([]byte{0xff}, 1000)},
		{"SRV-ERR-15", "1000 random bytes", noise(1000, 32)},
		{"SRV-ERR-16", "an HTTP request", []byte("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")},
	} {
		It("goes on serving after "+row.what, Case(row.id, "ERR-4"), func(ctx SpecContext) {
			other := leave(ctx, sender(ctx))
			c := connect(ctx)
			c.SendBytes(row.bytes)
			c.CloseWrite()
			readToEnd(c, len(row.bytes))
			leave(ctx, c)
			other = again(ctx, other)
			expectFile(other)
			leave(ctx, other)
			Expect(connect(ctx).Register(from(ctx).newName())).To(Answer(spec.TypeRegistered))
		})
	}

	It("goes on serving after payloads of random bytes for every code", Case("SRV-ERR-17", "ERR-4"), func(ctx SpecContext) {
		other := leave(ctx, sender(ctx))
		for _, t := range spec.RequestTypes() {
			code, ok := other.Edition.Code(t)
			if !ok {
				continue
			}
			size, _ := wire.PayloadSize(other.Edition, t)
			c := again(ctx, other)
			c.SendBytes(frame(c, code, noise(size+100, byte(t))))
			c.CloseWrite()
			readToEnd(c, 10)
			leave(ctx, c)
		}
		expectFile(again(ctx, other))
	})
})

// readToEnd reads up to n answers, until the connection ends.
func readToEnd(c *peer.Client, n int) {
	for range n + 1 {
		if r := c.Receive(); r.Outcome != peer.Answered {
			return
		}
	}
}
