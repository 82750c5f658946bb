package client

import (
	"bytes"
	"encoding/base64"
	"fmt"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	. "github.com/xferspec/xferspec/conformance"
	"github.com/xferspec/xferspec/harness/peer"
	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/seal"
	"github.com/xferspec/xferspec/spec/wire"
)

var _ = Describe("security", Client, Order(13), func() {
	It("never sends its private key", Case("CLT-SEC-01", "SEC-2"), fresh.label(), func(ctx SpecContext) {
		run := fresh.await(ctx)
		run.all(ctx, spec.TypeFile)
		me, err := run.identity()
		run.need(ctx, err == nil && len(me.PrivateKey) > 0, caseIdentity, "read the private key in me.info")
		expectNoSecret(run)
	})

	It("never sends the plaintext of a file", Case("CLT-SEC-02", "SEC-2"), fresh.label(), func(ctx SpecContext) {
		run := fresh.await(ctx)
		run.all(ctx, spec.TypeFile)
		expectNoPlaintext(run)
	})

	It("sends neither its private key nor the plaintext of a file in any run", Case("CLT-SEC-23", "SEC-2"), labels(ordinary()), func(ctx SpecContext) {
		fresh.await(ctx).all(ctx, spec.TypeFile) // some run has something to hide
		for _, run := range all(ctx) {
			expectNoSecret(run)
			expectNoPlaintext(run)
		}
	})

	for _, row := range []struct {
		id, what string
		request  spec.MessageType
		run      *scenario
	}{
		{"CLT-SEC-10", "1602", spec.TypePublicKey, otherID},
		{"CLT-SEC-24", "1605", spec.TypeLogin, otherIDLogin},
		{"CLT-SEC-25", "1603", spec.TypeFile, otherIDFile},
		{"CLT-SEC-26", "1604", spec.TypeCRCOK, otherIDThanks},
	} {
		It("takes a "+row.what+" that names the id of another client for an error", Case(row.id, "SEC-3"), row.run.label(), func(ctx SpecContext) {
			if row.run == otherIDThanks && from(ctx).edition.EmptyThanks {
				NotApplicable("1604 names no id in this edition")
			}
			run := row.run.await(ctx)
			expectRepeated(run, run.answered(ctx, row.request), 1)
		})
	}
})

// Servers whose first answer of a type names an id that is not the client's.
var (
	otherID       = alien("other-id", keyExchange)
	otherIDLogin  = alien("other-id-login", login)
	otherIDFile   = alien("other-id-file", transfer)
	otherIDThanks = alien("other-id-thanks", verification)
)

func alien(name string, e exchange) *scenario {
	return at(e.request, name, func(s *stage) {
		s.answers(e.request, once, peer.Change(e.response, func(b []byte) []byte {
			if len(b) > wire.ResponseHeaderSize {
				b[wire.ResponseHeaderSize] ^= 1
			}
			return b
		}))
	})
}

// expectNoSecret is what holds for every run that leaves a private key behind.
func expectNoSecret(run *run) {
	GinkgoHelper()
	me, err := run.identity()
	if err != nil || len(me.PrivateKey) == 0 {
		return
	}
	sent := run.sent()
	for what, secret := range secrets(me.PrivateKey) {
		Expect(bytes.Contains(sent, secret)).To(BeFalse(), "whether the client sends %s; %v", what, run)
	}
}

// expectNoPlaintext is what holds for every run: no block of the file is sent
// as it is. The contents are random, so none is there by chance.
func expectNoPlaintext(run *run) {
	GinkgoHelper()
	blocks := map[[block]byte]bool{}
	for i := 0; i+block <= len(run.content); i += block {
		blocks[[block]byte(run.content[i:])] = true
	}
	sent := run.sent()
	for i := 0; i+block <= len(sent); i++ {
		if plain := [block]byte(sent[i:]); blocks[plain] {
			Fail(fmt.Sprintf("expected: no block of the file in the clear\nactual:   the client sends % x\n%v", plain, run))
		}
	}
}

// block is the size of a block of AES, in bytes.
const block = 16

// sent returns all bytes that the client sent.
func (r *run) sent() []byte {
	var all [][]byte
	for _, q := range r.seen.Requests {
		all = append(all, q.Raw)
	}
	return bytes.Join(append(all, r.seen.Leftover...), nil)
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
