package client

import (
	"bytes"
	"context"
	"maps"
	"slices"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	. "github.com/xferspec/xferspec/conformance"
)

// ordinary are the scenarios that are neither large nor slow.
func ordinary() []*scenario {
	var some []*scenario
	for _, name := range slices.Sorted(maps.Keys(scenarios)) {
		if s := scenarios[name]; s.easier == nil && !s.silent {
			some = append(some, s)
		}
	}
	return some
}

// all returns the runs of the ordinary scenarios that could be made.
func all(ctx context.Context) []*run {
	GinkgoHelper()
	fresh.await(ctx)
	var runs []*run
	for _, s := range ordinary() {
		f := from(ctx).runs[s]
		<-f.done
		if f.run.err == nil {
			runs = append(runs, f.run)
		}
	}
	return runs
}

var _ = Describe("every run", Client, Order(19), func() {
	It("leaves no process running, however a run ends", Case("CLT-RTY-63", "RTY-2", "RTY-5"), labels(ordinary()), func(ctx SpecContext) {
		build(ctx, "CLT-CRC-02")
		for _, run := range all(ctx) {
			Expect(run).To(LeaveNoProcess())
		}
	})

	It("leaves the file as it is, however a run ends", Case("CLT-FIL-27", "FIL-28"), labels(ordinary()), func(ctx SpecContext) {
		for _, run := range all(ctx) {
			if run.place != nil {
				continue // there is no such file
			}
			now, err := run.read(run.path)
			Expect(err).NotTo(HaveOccurred(), "the file to send, after the run; %v", run)
			Expect(bytes.Equal(now, run.content)).To(BeTrue(), "whether the file to send is what it was; %v", run)
		}
	})
})
