package server

import (
	"context"
	"fmt"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/types"

	. "github.com/xferspec/xferspec/conformance"
	"github.com/xferspec/xferspec/conformance/interop"
	"github.com/xferspec/xferspec/harness/trace"
	"github.com/xferspec/xferspec/spec"
)

var _ = Describe("faults on the way from the reference client", Server, Order(12), func() {
	for _, row := range []struct {
		id, what, clause string
		size             int
		plan             func(ed *spec.Edition) string
	}{
		{"SRV-CRC-10", "was damaged on the way once", "CRC-9", 3000, damaging(1)},
		{"SRV-CRC-11", "was damaged on the way three times", "CRC-9", 3000, damaging(3)},
		{"SRV-CRC-12", "comes again because the checksum was damaged on the way back", "CRC-9", 3000, planned(interop.WrongCksum)},
		{"SRV-FRM-80", "comes in segments of single bytes", "FRM-5", 3000, planned(interop.SingleBytes)},
		{"SRV-FRM-81", "comes with 1,024 bytes in a second", "FRM-5", 100, planned(interop.OneKBps)},
	} {
		It("receives a file that "+row.what, Case(row.id, row.clause), func(ctx SpecContext) {
			v := visitor(ctx)
			Expect(send(ctx, v, row.plan(v.Edition), noise(row.size, 60))).To(BringTheFile())
		})
	}

	It("thanks for 1031 after a file was damaged on the way four times, and takes the next", Case("SRV-CRC-13", "CRC-4", "CRC-9"), func(ctx SpecContext) {
		v := visitor(ctx)
		visit := send(ctx, v, interop.DamagedTransfers(v.Edition, 4), noise(3000, 61))
		last := visit.Seen.Requests[len(visit.Seen.Requests)-1]
		check(last.Type() == spec.TypeCRCAbort && last.Answer != "", "1604 to the reference client's 1031", "%v", visit)
		Expect(send(ctx, v, "", noise(3000, 61))).To(BringTheFile(), "the next file")
	})

	for _, row := range []struct {
		id, what string
		clauses  []string
		size     int
		plan     string
	}{
		{"SRV-ERR-22", "1604 was lost on the way", []string{"ERR-4"}, 3000, interop.LostThanks},
		{"SRV-FRM-82", "the connection broke off at packet 500 of 1001", []string{"FRM-14", "FIL-16"}, 1000 * 1024, interop.ResetAt500},
	} {
		It("receives the file of a client that comes back after "+row.what, Case(row.id, row.clauses...), func(ctx SpecContext) {
			v, plain := visitor(ctx), noise(row.size, 62)
			if first := sendWithin(ctx, v, row.plan, plain, from(ctx).timeout/10); first.Err == nil {
				NotRun("the fault on the way did not come about")
			}
			Expect(send(ctx, v, "", plain)).To(BringTheFile())
		})
	}
})

func damaging(n int) func(ed *spec.Edition) string {
	return func(ed *spec.Edition) string { return interop.DamagedTransfers(ed, n) }
}

func planned(plan string) func(*spec.Edition) string {
	return func(*spec.Edition) string { return plan }
}

// visitor returns a reference client. It cannot be driven otherwise, so these
// cases are not run on a server with which it cannot work.
func visitor(ctx context.Context) *interop.Visitor {
	GinkgoHelper()
	e := from(ctx)
	for _, f := range e.flaws() {
		if e.ledger.Failed(f.caseID) {
			NotRun(fmt.Sprintf("the reference client cannot work with a server that breaks %s (that is %s)", f.clause, f.caseID))
		}
	}
	e.ledger.Require(caseRegister, caseKey, caseFile, caseOnce, casePackets, caseThanks, caseResend, caseAbort, caseLogin)
	v, err := interop.NewVisitor(e.edition, e.newName())
	Expect(err).NotTo(HaveOccurred())
	DeferCleanup(v.Close)
	return v
}

// send has the reference client bring a file, with faults on the way.
func send(ctx context.Context, v *interop.Visitor, plan string, plain []byte) *interop.Visit {
	GinkgoHelper()
	return sendWithin(ctx, v, plan, plain, from(ctx).timeout)
}

// sendWithin is send for a client of little patience.
func sendWithin(ctx context.Context, v *interop.Visitor, plan string, plain []byte, patience time.Duration) *interop.Visit {
	GinkgoHelper()
	visit, err := v.Send(ctx, from(ctx).target.Addr(), plan, "visit.bin", plain, patience)
	Expect(err).NotTo(HaveOccurred())
	e := from(ctx)
	for _, t := range visit.Seen.Transcripts {
		e.tapes.add(e.ledger.Current(), func() *trace.Transcript { return t })
	}
	return visit
}

// BringTheFile succeeds if the reference client has brought its file.
func BringTheFile() types.GomegaMatcher { return brought{} }

type brought struct{}

func (brought) Match(actual any) (bool, error) {
	visit, ok := actual.(*interop.Visit)
	if !ok {
		return false, fmt.Errorf("this looks at an *interop.Visit, not at a %T", actual)
	}
	return visit.Err == nil, nil
}

func (brought) FailureMessage(actual any) string {
	return fmt.Sprintf("expected: the reference client brings its file\nactual:   it gives up\n%v", actual)
}

func (brought) NegatedFailureMessage(actual any) string {
	return fmt.Sprintf("expected: the reference client gives up\nactual:   it brings its file\n%v", actual)
}
