package client

import (
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	. "github.com/xferspec/xferspec/conformance"
	"github.com/xferspec/xferspec/harness/peer"
	"github.com/xferspec/xferspec/spec"
)

// otherVersion is a server whose first answer has another version.
var otherVersion = newScenario("other-version", caseKey, func(s *stage) {
	s.answers(spec.TypeRegister, once, peer.Change(spec.TypeRegistered, func(b []byte) []byte {
		b[0] += 6
		return b
	}))
})

// otherVersions is a server all of whose answers have another version.
var otherVersions = newScenario("other-versions", caseSuccess, func(s *stage) {
	for _, t := range spec.ResponseTypes() {
		for _, request := range spec.RequestTypes() {
			s.answers(request, always, peer.Change(t, func(b []byte) []byte {
				b[0] = 9
				return b
			}))
		}
	}
})

var _ = Describe("version", Client, Order(12), func() {
	It("puts version 3 into every request", Case("CLT-VER-01", "VER-2"), fresh.label(), func(ctx SpecContext) {
		run := fresh.await(ctx)
		run.first(ctx, spec.TypeRegister)
		for _, r := range run.seen.Requests {
			if r.Adrift {
				continue // no header: that is CLT-FRM-01
			}
			Expect(r.Header.Version).To(Equal(run.edition.Version), "version in %v", r)
		}
	})

	It("goes on after a response of another version, or reports it as an error", Case("CLT-VER-02", "VER-4"), otherVersion.label(), func(ctx SpecContext) {
		run := otherVersion.await(ctx)
		run.first(ctx, spec.TypeRegister)
		Expect(run).To(End())
		if run.prints(errorWords) == 0 {
			Expect(run).To(GoOnTo(spec.TypePublicKey))
		}
	})

	It("ends when all responses have another version, with success or with a report of errors", Case("CLT-VER-03", "VER-4"), otherVersions.label(), func(ctx SpecContext) {
		run := otherVersions.await(ctx)
		run.first(ctx, spec.TypeRegister)
		Expect(run).To(End())
		if !run.endedWell() {
			Expect(run).To(Print(errorWords, 1))
		}
	})
})
