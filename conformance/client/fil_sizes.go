package client

import (
	"fmt"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	. "github.com/xferspec/xferspec/conformance"
)

// largestFile is the largest file that 65,535 packets of 1024 bytes hold, in
// bytes: the last byte of ciphertext is padding.
const largestFile = 65_535*1024 - 1

// sizes are the lengths of files at which clients go wrong, in bytes.
var sizes = []struct {
	id   string // of the case that such a file arrives
	size int
	why  string
	run  *scenario
}{
	{"CLT-FIL-07", 0, "empty", fileOf(0)},
	{"CLT-FIL-16", 1, "with the most padding but one byte", fileOf(1)},
	{"CLT-FIL-08", 15, "with the least padding", fileOf(15)},
	{"CLT-FIL-09", 16, "with a whole block of padding", fileOf(16)},
	{"CLT-FIL-17", 1007, "whose ciphertext has one byte of padding and fills one packet but for a block", fileOf(1007)},
	{"CLT-FIL-10", 1008, "whose ciphertext fills one packet exactly", fileOf(1008)},
	{"CLT-FIL-18", 1023, "whose ciphertext fills one packet exactly, with one byte of padding", fileOf(1023)},
	{"CLT-FIL-19", 1024, "as long as a packet, whose padding needs another", fileOf(1024)},
	{"CLT-FIL-20", 100_000, "of some size", fileOf(100_000)},
	{"CLT-FIL-11", 300_000, "with more packets than a byte can count", file300000},
	{"CLT-FIL-21", 10 << 20, "of 10 MiB", file10M},
}

var (
	file300000 = fileOf(300_000)
	file10M    = fileOf(10 << 20).behind(file300000)
	largest    = fileOf(largestFile).behind(file10M)
)

// fileOf declares a scenario that sends a file of that many bytes.
func fileOf(size int) *scenario {
	return newScenario(fmt.Sprintf("file-%d", size), caseFile, func(s *stage) { s.content = contentOf(size) })
}

var _ = Describe("files of all sizes", Client, Order(9), func() {
	var all []*scenario
	for _, row := range sizes {
		all = append(all, row.run)
		It(fmt.Sprintf("sends a file of %d bytes, %s", row.size, row.why), Case(row.id, "FIL-4"), row.run.label(), func(ctx SpecContext) {
			run := row.run.await(ctx)
			Expect(run.transfer(ctx)).To(Bring(run.content))
		})
	}

	It("states the sizes of files of all lengths", Case("CLT-FIL-12", "FIL-3"), labels(all), func(ctx SpecContext) {
		build(ctx, caseSizes)
		for _, s := range all {
			run := s.await(ctx)
			expectSizes(run, run.transfer(ctx))
		}
	})

	It("numbers the packets of files of all lengths from 1 to their total", Case("CLT-FIL-13", "FIL-1"), labels(all), func(ctx SpecContext) {
		for _, s := range all {
			Expect(s.await(ctx).packets(ctx)).To(CountUp())
		}
	})

	It("says the same in every packet of files of all lengths", Case("CLT-FIL-28", "FIL-2"), labels(all), func(ctx SpecContext) {
		for _, s := range all {
			expectUnity(s.await(ctx).transfer(ctx))
		}
	})

	It("fills every packet but the last of files of all lengths", Case("CLT-FIL-29", "FIL-5"), labels(all), func(ctx SpecContext) {
		for _, s := range all {
			run := s.await(ctx)
			expectFull(run, run.transfer(ctx))
		}
	})

	It("sends no empty packet, whatever the length of the file", Case("CLT-FIL-14", "FIL-6"), labels(all), func(ctx SpecContext) {
		for _, s := range all {
			Expect(s.await(ctx).transfer(ctx)).To(FillPackets())
		}
	})

	It("ends with success for files of all lengths", Case("CLT-CRC-11", "CRC-5", "CRC-1"), labels(all), func(ctx SpecContext) {
		for _, s := range all {
			run := s.await(ctx)
			run.transfer(ctx)
			Expect(run).To(EndWell(), "with a file of %d bytes", len(run.content))
		}
	})

	It(fmt.Sprintf("sends the largest file that 65,535 packets hold, of %d bytes", largestFile), Case("CLT-FIL-22", "FIL-29"), largest.label(), func(ctx SpecContext) {
		run := largest.await(ctx)
		Expect(run.transfer(ctx)).To(Bring(run.content))
		Expect(run).To(EndWell())
	})
})
