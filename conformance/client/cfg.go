package client

import (
	"encoding/base64"
	"os"
	"path/filepath"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	. "github.com/xferspec/xferspec/conformance"
	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/seal"
	"github.com/xferspec/xferspec/spec/state"
)

// second is a client that comes back with what it kept of its first contact.
var second = fresh.then("second", caseIdentity, nil)

var _ = Describe("the client's identity", Client, Order(6), func() {
	It("writes its name, its id and a private key into me.info", Case(caseIdentity, "CFG-3"), Basic, fresh.label(), func(ctx SpecContext) {
		run := fresh.await(ctx)
		run.need(ctx, len(run.ids(run.name)) > 0, caseRegister, "register the client")
		me, err := run.identity()
		Expect(err).NotTo(HaveOccurred())
		Expect(me.Name).To(Equal(run.name), "line 1 of me.info")
		Expect(run.ids(run.name)).To(ContainElement(me.Client.String()), "line 2 of me.info is to be an id that the client was given")
		Expect(me.PrivateKey).NotTo(BeEmpty(), "the private key from line 3 of me.info on")
	})

	It("comes back under the name and id in me.info and does not register", Case(caseReturn, "CFG-2"), Basic, second.label(), func(ctx SpecContext) {
		run := second.await(ctx)
		expectReturn(ctx, run)
		Expect(run).To(SendNo(spec.TypeRegister))
	})

	It("unwraps the AES key with the private key that it has kept when it comes back", Case("CLT-CFG-03", "CFG-3"), second.label(), func(ctx SpecContext) {
		run := second.await(ctx)
		build(ctx, caseReturn)
		Expect(run.transfer(ctx)).To(Bring(run.content))
	})

	It("keeps the private key in priv.key", Case(casePrivKey, "CFG-4"), Basic, fresh.label(), func(ctx SpecContext) {
		run := fresh.await(ctx)
		public, err := publicKey(run.first(ctx, spec.TypePublicKey))
		run.need(ctx, err == nil, caseKey, "read the public key")
		text, err := run.read(privKey)
		Expect(err).NotTo(HaveOccurred())
		Expect(text).NotTo(BeEmpty(), "content of priv.key")
		// No format is demanded, but what can be read has to be the right key.
		if der, err := state.ParsePrivateKeyFile(text); err == nil {
			if key, err := seal.ParsePrivateKey(der); err == nil {
				Expect(key.PublicKey.Equal(public)).To(BeTrue(), "whether the key in priv.key belongs to the one sent")
			}
		}
	})

	It("comes back under the name in me.info when transfer.info has another", Case("CLT-CFG-05", "CFG-2"), forgotten.label(), func(ctx SpecContext) {
		expectReturn(ctx, forgotten.await(ctx))
	})

	It("lets nobody else read me.info and priv.key", Case("CLT-CFG-08", "CFG-6"), fresh.label(), func(ctx SpecContext) {
		run := fresh.await(ctx)
		run.first(ctx, spec.TypePublicKey)
		build(ctx, caseIdentity, casePrivKey)
		for _, name := range []string{meInfo, privKey} {
			info, err := os.Stat(filepath.Join(run.Dir, name))
			Expect(err).NotTo(HaveOccurred())
			Expect(info.Mode().Perm()&0o044).To(BeZero(), "what others may read of %s, which has mode %v", name, info.Mode())
		}
	})

	It("writes the private key into priv.key in base64", Case("CLT-CFG-09", "CFG-7"), fresh.label(), func(ctx SpecContext) {
		run := fresh.await(ctx)
		run.first(ctx, spec.TypePublicKey)
		build(ctx, casePrivKey)
		text, err := run.read(privKey)
		Expect(err).NotTo(HaveOccurred())
		Expect(base64.StdEncoding.DecodeString(strings.Join(strings.Fields(string(text)), ""))).Error().NotTo(HaveOccurred())
	})
})

// identity reads the me.info that a run has left.
func (r *run) identity() (state.MeInfo, error) {
	text, err := r.read(meInfo)
	if err != nil {
		return state.MeInfo{}, err
	}
	return state.ParseMeInfo(text)
}
