package client

import (
	"context"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	. "github.com/xferspec/xferspec/conformance"
	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/state"
)

// Runs of a client that cannot do what it is asked to.
var (
	noTask = newScenario("no-task", caseFile, func(s *stage) {
		s.info = func(state.TransferInfo) []byte { return nil }
	})
	shortTask = newScenario("short-task", caseFile, func(s *stage) {
		s.info = func(right state.TransferInfo) []byte { return []byte(right.Addr + "\n" + right.Name + "\n") }
	})
	badPort = newScenario("bad-port", caseFile, func(s *stage) {
		s.info = func(right state.TransferInfo) []byte {
			right.Addr = "127.0.0.1:port"
			return right.Format()
		}
	})
	noFile = newScenario("no-file", caseFile, func(s *stage) { s.noFile = true })
)

var _ = Describe("the client's task", Client, Order(7), func() {
	It("uploads nothing and says why when there is no transfer.info", Case("CLT-CFG-10", "CFG-5"), fresh.label(), noTask.label(), func(ctx SpecContext) {
		expectComplaint(ctx, noTask)
	})

	It("uploads nothing and says why when transfer.info has but two lines", Case("CLT-CFG-11", "CFG-5"), fresh.label(), shortTask.label(), func(ctx SpecContext) {
		expectComplaint(ctx, shortTask)
	})

	It("uploads nothing and says why when transfer.info has a port that is no number", Case("CLT-CFG-12", "CFG-5"), fresh.label(), badPort.label(), func(ctx SpecContext) {
		expectComplaint(ctx, badPort)
	})

	It("uploads nothing and says why when the file is not there", Case("CLT-CFG-13", "CFG-5"), fresh.label(), noFile.label(), func(ctx SpecContext) {
		expectComplaint(ctx, noFile)
	})

	It("ends with a status other than 0 when there is no transfer.info", Case("CLT-CFG-14", "CFG-8"), fresh.label(), noTask.label(), func(ctx SpecContext) {
		expectFailure(ctx, noTask)
	})

	It("ends with a status other than 0 when transfer.info is malformed", Case("CLT-CFG-15", "CFG-8"), fresh.label(), shortTask.label(), badPort.label(), func(ctx SpecContext) {
		expectFailure(ctx, shortTask)
		expectFailure(ctx, badPort)
	})

	It("ends with a status other than 0 when the file is not there", Case("CLT-CFG-16", "CFG-8"), fresh.label(), noFile.label(), func(ctx SpecContext) {
		expectFailure(ctx, noFile)
	})
})

// expectComplaint is what holds for a client that cannot do its task.
func expectComplaint(ctx context.Context, s *scenario) {
	GinkgoHelper()
	fresh.await(ctx).transfer(ctx) // where it can, it does
	run := s.await(ctx)
	Expect(run).To(SendNo(spec.TypeFile))
	Expect(strings.TrimSpace(run.Output)).NotTo(BeEmpty(), "what the client prints")
}

// expectFailure is what a caller wants to learn of it from the exit status.
func expectFailure(ctx context.Context, s *scenario) {
	GinkgoHelper()
	fresh.await(ctx).first(ctx, spec.TypeCRCOK) // where it can, it succeeds
	Expect(s.await(ctx)).To(EndBadly())
}
