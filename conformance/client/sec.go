package client

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/binary"
	"math"
	"slices"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	. "github.com/xferspec/xferspec/conformance"
	"github.com/xferspec/xferspec/harness/peer"
	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/seal"
	"github.com/xferspec/xferspec/spec/wire"
)

// Servers that answer a registration or a public key with what is wrong.
var (
	// hugeSize declares a payload that never comes.
	hugeSize = newScenario("huge-size", caseRegister, func(s *stage) {
		s.answers(spec.TypeRegister, always, declare(spec.TypeRegistered, math.MaxUint32, wire.IDSize))
	})
	// noPayload declares, and sends, no payload where there has to be one.
	noPayload = newScenario("no-payload", caseKey, func(s *stage) { s.answers(spec.TypePublicKey, always, declare(spec.TypeKeyAccepted, 0, 0)) })
	// cutOff closes the connection inside the wrapped key.
	cutOff = newScenario("cut-off", caseKey, func(s *stage) { s.answers(spec.TypePublicKey, always, declare(spec.TypeKeyAccepted, 144, 100)) })
	// alienKey hands out a key that the client's private key does not unwrap.
	alienKey = newScenario("alien-key", caseKey, func(s *stage) {
		s.answers(spec.TypePublicKey, always, peer.Change(spec.TypeKeyAccepted, func(b []byte) []byte {
			b[len(b)-1] ^= 1
			return b
		}))
	})
	// oddKey hands out an AES key of a length that AES does not have.
	oddKey = newScenario("odd-key", caseKey, func(s *stage) { s.answers(spec.TypePublicKey, always, handOut(5)) })
	// otherKey hands out an AES key of a length that AES has, but not the edition.
	otherKey = newScenario("other-key", caseKey, func(s *stage) { s.answers(spec.TypePublicKey, always, handOut(24)) })
	// otherID names an id in 1602 that is not the client's.
	otherID = newScenario("other-id", caseKey, func(s *stage) {
		s.answers(spec.TypePublicKey, once, peer.Change(spec.TypeKeyAccepted, func(b []byte) []byte {
			b[wire.ResponseHeaderSize] ^= 1
			return b
		}))
	})
)

// declare answers with a header that declares a payload of that many bytes and
// with the first bytes of the right one, and closes the connection, so that who
// waits for more is not kept waiting.
func declare(t spec.MessageType, size uint32, sent int) peer.Action {
	return func(ed *spec.Edition, a *peer.Answer) {
		peer.Change(t, func(b []byte) []byte {
			binary.LittleEndian.PutUint32(b[3:], size)
			return b[:wire.ResponseHeaderSize+sent]
		})(ed, a)
		a.Close = true
	}
}

// handOut wraps an AES key of that many bytes instead of the right one.
func handOut(size int) peer.Action {
	return func(_ *spec.Edition, a *peer.Answer) {
		m, ok := a.Message.(*wire.KeyAccepted)
		if !ok {
			return
		}
		wrapped, err := seal.Wrap(a.To.Key, bytes.Repeat([]byte{1}, size))
		if err != nil {
			return // the public key is no key: CLT-KEY-01
		}
		a.Message = &wire.KeyAccepted{Client: m.Client, Wrapped: wrapped}
	}
}

var _ = Describe("security", Client, Order(13), func() {
	It("never sends its private key", Case("CLT-SEC-01", "SEC-2"), fresh.label(), func(ctx SpecContext) {
		run := fresh.await(ctx)
		run.all(ctx, spec.TypeFile)
		me, err := run.identity()
		run.need(ctx, err == nil && len(me.PrivateKey) > 0, caseIdentity, "read the private key in me.info")
		sent := run.sent()
		for what, secret := range secrets(me.PrivateKey) {
			Expect(bytes.Contains(sent, secret)).To(BeFalse(), "whether the client sends %s", what)
		}
	})

	It("never sends the plaintext of a file", Case("CLT-SEC-02", "SEC-2"), fresh.label(), func(ctx SpecContext) {
		run := fresh.await(ctx)
		run.all(ctx, spec.TypeFile)
		sent := run.sent()
		for i := 0; i+16 <= len(run.content); i += 16 {
			block := run.content[i : i+16]
			Expect(bytes.Contains(sent, block)).To(BeFalse(), "whether the client sends the block % x of the file in the clear", block)
		}
	})

	It("does not crash when 4,294,967,295 bytes are declared", Case("CLT-SEC-03", "SEC-1"), hugeSize.label(), func(ctx SpecContext) {
		expectSurvival(ctx, hugeSize, spec.TypeRegister)
	})

	It("does not crash when a 1602 has no payload", Case("CLT-SEC-04", "SEC-1"), noPayload.label(), func(ctx SpecContext) {
		expectSurvival(ctx, noPayload, spec.TypePublicKey)
	})

	It("does not crash when a 1602 is cut off inside the wrapped key", Case("CLT-SEC-05", "SEC-1"), cutOff.label(), func(ctx SpecContext) {
		expectSurvival(ctx, cutOff, spec.TypePublicKey)
	})

	It("does not crash when the AES key does not unwrap", Case("CLT-SEC-06", "SEC-1"), alienKey.label(), func(ctx SpecContext) {
		expectSurvival(ctx, alienKey, spec.TypePublicKey)
	})

	It("does not crash when the AES key has 5 bytes", Case("CLT-SEC-07", "SEC-1"), oddKey.label(), func(ctx SpecContext) {
		expectSurvival(ctx, oddKey, spec.TypePublicKey)
	})

	It("sends nothing under an AES key that does not unwrap", Case("CLT-SEC-08", "SEC-4"), fresh.label(), alienKey.label(), func(ctx SpecContext) {
		fresh.await(ctx).transfer(ctx) // under the right key it does
		expectSurvival(ctx, alienKey, spec.TypePublicKey)
		Expect(alienKey.await(ctx)).To(SendNo(spec.TypeFile))
	})

	It("sends nothing under an AES key of a length that is not the edition's", Case("CLT-SEC-09", "SEC-4"), fresh.label(), oddKey.label(), otherKey.label(), func(ctx SpecContext) {
		fresh.await(ctx).transfer(ctx) // under the right key it does
		for _, s := range []*scenario{oddKey, otherKey} {
			expectSurvival(ctx, s, spec.TypePublicKey)
			Expect(s.await(ctx)).To(SendNo(spec.TypeFile))
		}
	})

	It("takes a 1602 that names the id of another client for an error", Case("CLT-SEC-10", "SEC-3"), otherID.label(), func(ctx SpecContext) {
		run := otherID.await(ctx)
		expectRepeated(run, run.first(ctx, spec.TypePublicKey), 1)
	})
})

// expectSurvival is what holds for a client that gets a bad answer to a request.
func expectSurvival(ctx context.Context, s *scenario, asked spec.MessageType) {
	GinkgoHelper()
	run := s.await(ctx)
	run.first(ctx, asked)
	Expect(run).To(Survive())
}

// sent returns all bytes that the client sent.
func (r *run) sent() []byte {
	var all []byte
	for _, q := range r.seen.Requests {
		all = append(all, q.Raw...)
	}
	return slices.Concat(all, bytes.Join(r.seen.Leftover, nil))
}

// secrets returns what nobody but the client may see of a private key: all of
// it, as it is kept, and its numbers if it can be read. Its modulus is public.
func secrets(kept []byte) map[string][]byte {
	all := map[string][]byte{
		"its private key":           kept,
		"its private key in base64": base64.StdEncoding.AppendEncode(nil, kept),
	}
	if key, err := seal.ParsePrivateKey(kept); err == nil {
		all["the private exponent"] = key.D.Bytes()
		for _, p := range key.Primes {
			all["a prime factor of its modulus, "+p.Text(16)[:8]+"…"] = p.Bytes()
		}
	}
	return all
}
