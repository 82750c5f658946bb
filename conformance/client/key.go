package client

import (
	"bytes"
	"crypto/rsa"
	"fmt"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/types"

	. "github.com/xferspec/xferspec/conformance"
	"github.com/xferspec/xferspec/harness/peer"
	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/seal"
	"github.com/xferspec/xferspec/spec/wire"
)

var _ = Describe("key exchange", Client, Order(3), func() {
	It("sends its name and an RSA-1024 public key of 160 bytes", Case(caseKey, "KEY-1"), Basic, fresh.label(), func(ctx SpecContext) {
		run := fresh.await(ctx)
		registered := run.first(ctx, spec.TypeRegister).Message.(*wire.Register).Name
		r := run.first(ctx, spec.TypePublicKey)
		Expect(r).To(Carry("name", registered))
		Expect(r).To(HoldKey())
	})
})

// HoldKey succeeds if a request has a public key as KEY-1 wants it.
func HoldKey() types.GomegaMatcher {
	return &judgement[peer.Request]{expected: "sends the DER of an RSA-1024 public key in 160 bytes (section 4.1 of the text)", look: func(q peer.Request) string {
		_, err := publicKey(q)
		if err == nil {
			return ""
		}
		PointOutField(q, "public key")
		text := fmt.Sprintf("%v; it begins with % x", err, q.Message.(*wire.PublicKey).Key[:3])
		if bytes.HasPrefix(q.Message.(*wire.PublicKey).Key, derOf162) {
			text += ", which announces 162 bytes: its exponent is 65537 and does not fit, 17 does"
		}
		return text
	}}
}

// derOf162 is how the DER of an RSA-1024 public key begins whose exponent takes
// three bytes.
var derOf162 = []byte{0x30, 0x81, 0x9f}

// keyHint says what is likely where a public key took two bytes more than its field
// has, and the payload with it (section 4.1 of the text); "" elsewhere.
func (r *run) keyHint() string {
	const keyAt = wire.RequestHeaderSize + wire.TextSize
	for _, q := range r.seen.Requests {
		tooLong := q.Err != nil && q.Meant() == spec.TypePublicKey && q.Header.Size == wire.TextSize+wire.PublicKeySize+2
		if tooLong && (len(q.Raw) <= keyAt || bytes.HasPrefix(q.Raw[keyAt:], derOf162)) {
			return "\nlikely: a key of 162 bytes, which the public exponent 65537 makes; with 17 it has the 160 of KEY-1"
		}
	}
	return ""
}

// publicKey returns the public key in a request.
func publicKey(r peer.Request) (*rsa.PublicKey, error) {
	return seal.ParsePublicKey(r.Message.(*wire.PublicKey).Key)
}
