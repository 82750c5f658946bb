package client

import (
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	. "github.com/xferspec/xferspec/conformance"
	"github.com/xferspec/xferspec/spec"
)

// further are runs with the requests that a first contact without a fault does not
// have, and with those that are sent again.
var further = []*scenario{second, forgotten, errorsAtFirst, errorsOnReturn, mismatch}

var _ = Describe("framing of further requests", Client, Order(9), func() {
	It("frames its requests no worse when it comes back, repeats them, or sends its file again", Case("CLT-FRM-13", "FRM-4", "FRM-2", "FRM-1"), labels(further), func(ctx SpecContext) {
		for _, s := range further {
			run := s.await(ctx)
			Expect(run).To(KeepStep())
			Expect(run).To(LeaveNothing())
			run.first(ctx, run.introduction())
		}
	})

	It("puts its id into the header of these requests too", Case("CLT-FRM-14", "FRM-2"), labels(further), func(ctx SpecContext) {
		for _, s := range further {
			if s == forgotten {
				continue // LGN-9 says when it goes by which id
			}
			run := s.await(ctx)
			run.first(ctx, spec.TypeFile)
			for _, q := range run.seen.Requests {
				if q.Message != nil && q.Type() != spec.TypeRegister {
					Expect(run.ids(run.name)).To(ContainElement(q.Header.Client.String()), "the client id in the header of %v", q)
				}
			}
		}
	})

	It("puts version 3 into these requests too", Case("CLT-VER-04", "VER-2"), labels(further), func(ctx SpecContext) {
		for _, s := range further {
			run := s.await(ctx)
			run.first(ctx, run.introduction())
			for _, q := range run.seen.Requests {
				if !q.Adrift {
					Expect(q.Header.Version).To(Equal(run.edition.Version), "version in %v", q)
				}
			}
		}
	})
})
