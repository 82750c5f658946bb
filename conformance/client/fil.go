package client

import (
	"context"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	. "github.com/xferspec/xferspec/conformance"
	"github.com/xferspec/xferspec/harness/peer"
	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/wire"
)

// Files of lengths at which clients go wrong. Those of 15 and 16 bytes have
// the least and the most padding, that of 1008 fills a packet of 1024 exactly,
// and the last has more packets than a byte can count.
var (
	fileEmpty  = fileOf("file-empty", 0)
	file15     = fileOf("file-15", 15)
	file16     = fileOf("file-16", 16)
	file1008   = fileOf("file-1008", 1008)
	file300000 = fileOf("file-300000", 300_000)

	files = []*scenario{fileEmpty, file15, file16, file1008, file300000}
)

// fileOf declares a scenario that sends a file of that many bytes.
func fileOf(name string, size int) *scenario {
	return newScenario(name, caseFile, func(s *stage) { s.content = contentOf(size) })
}

// nested is a client whose file lies in a folder.
var nested = newScenario("nested", caseFile, func(s *stage) { s.path = "outbox/letters/note.txt" })

// tooLarge is a client whose file takes one packet more than can be numbered.
var tooLarge = newScenario("too-large", caseFile, func(s *stage) {
	s.content, s.hole = nil, int64(65_535)*peer.DefaultPacket
})

var _ = Describe("file transfer", Client, Order(4), func() {
	It("numbers the packets of a file from 1 to their total and sends them in that order", Case(casePackets, "FIL-1"), Basic, fresh.label(), func(ctx SpecContext) {
		run := fresh.await(ctx)
		Expect(run.packets(ctx)).To(CountUp())
	})

	It("says the same sizes, total and name in every packet of a file", Case("CLT-FIL-02", "FIL-2"), fresh.label(), func(ctx SpecContext) {
		transfer := fresh.await(ctx).transfer(ctx)
		first := transfer.First()
		for _, packet := range transfer.Packets {
			Expect(packet).To(Carry("content size", first.ContentSize))
			Expect(packet).To(Carry("original size", first.OriginalSize))
			Expect(packet).To(Carry("total packets", first.Total))
			Expect(packet).To(Carry("file name", first.Name))
		}
	})

	It("states the sizes of the whole ciphertext and of the whole file", Case(caseSizes, "FIL-3"), Basic, fresh.label(), func(ctx SpecContext) {
		run := fresh.await(ctx)
		expectSizes(run, run.transfer(ctx))
	})

	It("fills every packet but the last with 1024 bytes of content", Case("CLT-FIL-04", "FIL-5"), fresh.label(), func(ctx SpecContext) {
		run := fresh.await(ctx)
		fields, _ := wire.PayloadSize(run.edition, spec.TypeFile)
		packets := run.transfer(ctx).Packets
		for _, packet := range packets[:len(packets)-1] {
			Expect(packet).To(Carry("payload size", fields+peer.DefaultPacket))
		}
	})

	It("sends the file as one CBC chain under the AES key that it was given", Case(caseFile, "FIL-4", "KEY-8"), Basic, fresh.label(), func(ctx SpecContext) {
		run := fresh.await(ctx)
		Expect(run.transfer(ctx)).To(Bring(run.content))
	})

	It("calls the file by the base name of its path", Case("CLT-FIL-06", "FIL-24"), nested.label(), func(ctx SpecContext) {
		run := nested.await(ctx)
		Expect(run.first(ctx, spec.TypeFile)).To(Carry("file name", "note.txt"))
	})

	It("sends an empty file", Case("CLT-FIL-07", "FIL-4"), fileEmpty.label(), func(ctx SpecContext) {
		expectWhole(ctx, fileEmpty)
	})

	It("sends a file that takes one byte of padding", Case("CLT-FIL-08", "FIL-4"), file15.label(), func(ctx SpecContext) {
		expectWhole(ctx, file15)
	})

	It("sends a file that takes a whole block of padding", Case("CLT-FIL-09", "FIL-4"), file16.label(), func(ctx SpecContext) {
		expectWhole(ctx, file16)
	})

	It("sends a file whose ciphertext has exactly 1024 bytes", Case("CLT-FIL-10", "FIL-4"), file1008.label(), func(ctx SpecContext) {
		expectWhole(ctx, file1008)
	})

	It("sends a file of 300,000 bytes", Case("CLT-FIL-11", "FIL-4"), file300000.label(), func(ctx SpecContext) {
		expectWhole(ctx, file300000)
	})

	It("states the sizes of files of 0, 15, 16, 1008 and 300,000 bytes", Case("CLT-FIL-12", "FIL-3"),
		labels(files), func(ctx SpecContext) {
			build(ctx, caseSizes)
			for _, s := range files {
				run := s.await(ctx)
				expectSizes(run, run.transfer(ctx))
			}
		})

	It("numbers the packets of a file of 300,000 bytes from 1 to their total", Case("CLT-FIL-13", "FIL-1"), file300000.label(), func(ctx SpecContext) {
		Expect(file300000.await(ctx).packets(ctx)).To(CountUp())
	})

	It("sends no empty packet after a ciphertext of exactly 1024 bytes", Case("CLT-FIL-14", "FIL-6"), file1008.label(), func(ctx SpecContext) {
		for _, packet := range file1008.await(ctx).transfer(ctx).Packets {
			Expect(packet.Message.(*wire.File).Content).NotTo(BeEmpty(), "content of %v", packet)
		}
	})

	It("sends nothing and says why if a file takes more than 65,535 packets", Case("CLT-FIL-15", "FIL-22", "FIL-5"), fresh.label(), tooLarge.label(), func(ctx SpecContext) {
		fresh.await(ctx).transfer(ctx) // it can send
		run := tooLarge.await(ctx)
		Expect(run).To(SendNo())
		Expect(run.Output).NotTo(BeEmpty(), "what the client prints")
	})
})

// expectWhole is what holds for a file of every length.
func expectWhole(ctx context.Context, s *scenario) {
	GinkgoHelper()
	run := s.await(ctx)
	Expect(run.transfer(ctx)).To(Bring(run.content))
}

// expectSizes looks at the first packet: that the others say the same is FIL-2.
func expectSizes(run *run, transfer peer.Received) {
	GinkgoHelper()
	Expect(transfer.Packets[0]).To(Carry("content size", len(transfer.Cipher)))
	if run.edition.PacketFields {
		Expect(transfer.Packets[0]).To(Carry("original size", len(run.content)))
	}
}
