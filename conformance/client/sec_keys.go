package client

import (
	"bytes"
	"slices"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	. "github.com/xferspec/xferspec/conformance"
	"github.com/xferspec/xferspec/harness/peer"
	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/seal"
	"github.com/xferspec/xferspec/spec/wire"
)

// badKeys are servers that hand out what is no AES key for the client.
var badKeys = []struct {
	survives string // id of the case that the client does not crash
	sends    string // id of the case that it sends nothing under that key; "" if it never gets a whole one
	what     string
	exchange
	run *scenario
}{
	{"CLT-SEC-06", "CLT-SEC-08", "does not unwrap", keyExchange, handing("alien-key", keyExchange, damage)},
	{"CLT-SEC-27", "CLT-SEC-28", "does not unwrap after a login", login, handing("alien-key-login", login, damage)},
	{"CLT-SEC-29", "CLT-SEC-30", "is wrapped under another public key", keyExchange, handing("foreign-key", keyExchange, foreign)},
	{"CLT-SEC-31", "", "is wrapped in 127 bytes", keyExchange, handing("wrapped-127", keyExchange, resized(127))},
	{"CLT-SEC-32", "", "is wrapped in 129 bytes", keyExchange, handing("wrapped-129", keyExchange, resized(129))},
	{"CLT-SEC-33", "", "is wrapped in 0 bytes", keyExchange, handing("wrapped-0", keyExchange, resized(0))},
	{"CLT-SEC-07", "CLT-SEC-09", "has 5 bytes", keyExchange, handing("odd-key", keyExchange, ofSize(5))},
	{"CLT-SEC-34", "CLT-SEC-35", "has 24 bytes, a length that AES has and no edition", keyExchange, handing("other-key", keyExchange, ofSize(24))},
	{"CLT-SEC-36", "CLT-SEC-37", "has 31 bytes", keyExchange, handing("key-31", keyExchange, ofSize(31))},
	{"CLT-SEC-38", "CLT-SEC-39", "has the length of other editions", keyExchange, handing("key-of-others", keyExchange, ofOthers)},
	{"CLT-SEC-40", "CLT-SEC-41", "has no bytes", keyExchange, handing("key-0", keyExchange, ofSize(0))},
}

// handing declares a scenario in which the wrapped AES key is not what it
// should be. The connection is closed behind one of another size, so that who
// waits for more is not kept waiting.
func handing(name string, e exchange, spoil func(ed *spec.Edition, to peer.Account, wrapped []byte) []byte) *scenario {
	return at(e.request, name, func(s *stage) {
		s.answers(e.request, always, func(ed *spec.Edition, a *peer.Answer) {
			peer.Change(e.response, func(b []byte) []byte {
				head := b[:wire.ResponseHeaderSize+wire.IDSize]
				wrapped := spoil(ed, a.To, bytes.Clone(b[len(head):]))
				a.Close = len(wrapped) != wire.WrappedKeySize
				code, _ := ed.Code(e.response)
				h := wire.ResponseHeader{Version: ed.Version, Code: code, Size: uint32(wire.IDSize + len(wrapped))}
				return slices.Concat(h.Append(nil), head[wire.ResponseHeaderSize:], wrapped)
			})(ed, a)
		})
	})
}

func damage(_ *spec.Edition, _ peer.Account, wrapped []byte) []byte {
	wrapped[len(wrapped)-1] ^= 1
	return wrapped
}

func foreign(ed *spec.Edition, _ peer.Account, wrapped []byte) []byte {
	key, err := seal.GenerateKey()
	if err != nil {
		return wrapped[:1] // no randomness; at least it is not the right one
	}
	return rewrapped(peer.Account{Key: &key.PublicKey}, ed.KeySize(), wrapped)
}

func resized(n int) func(*spec.Edition, peer.Account, []byte) []byte {
	return func(_ *spec.Edition, _ peer.Account, wrapped []byte) []byte { return append(wrapped, 0)[:n] }
}

func ofSize(n int) func(*spec.Edition, peer.Account, []byte) []byte {
	return func(_ *spec.Edition, to peer.Account, wrapped []byte) []byte { return rewrapped(to, n, wrapped) }
}

// ofOthers makes a key of 16 bytes where the edition has 32, and the other way round.
func ofOthers(ed *spec.Edition, to peer.Account, wrapped []byte) []byte {
	return rewrapped(to, 16+32-ed.KeySize(), wrapped)
}

// rewrapped wraps a key of that many bytes. That the account has no key to wrap
// it under is another case's concern.
func rewrapped(to peer.Account, size int, wrapped []byte) []byte {
	if other, err := seal.Wrap(to.Key, bytes.Repeat([]byte{1}, size)); err == nil {
		return other
	}
	return wrapped
}

var _ = Describe("bad AES keys", Client, Order(13), func() {
	for _, row := range badKeys {
		It("does not crash when the AES key "+row.what, Case(row.survives, "SEC-1"), row.run.label(), func(ctx SpecContext) {
			run := row.run.await(ctx)
			run.first(ctx, row.request)
			Expect(run).To(Survive())
		})

		if row.sends == "" {
			continue
		}
		It("sends nothing under an AES key that "+row.what, Case(row.sends, "SEC-4"), fresh.label(), row.run.label(), func(ctx SpecContext) {
			fresh.await(ctx).transfer(ctx) // under the right key it does
			run := row.run.await(ctx)
			run.first(ctx, row.request)
			Expect(run).To(SendNo(spec.TypeFile))
		})
	}
})
