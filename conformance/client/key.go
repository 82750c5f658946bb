package client

import (
	"crypto/rsa"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

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
		Expect(publicKey(r)).Error().NotTo(HaveOccurred())
	})
})

// publicKey returns the public key in a request.
func publicKey(r peer.Request) (*rsa.PublicKey, error) {
	return seal.ParsePublicKey(r.Message.(*wire.PublicKey).Key)
}
