package client

import (
	"errors"
	"os"
	"reflect"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	. "github.com/xferspec/xferspec/conformance"
	"github.com/xferspec/xferspec/harness/peer"
	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/wire"
)

// nested is a client whose file lies in a folder.
var nested = newScenario("nested", caseFile, func(s *stage) { s.path = "outbox/letters/note.txt" })

// tooLarge is a client whose file takes one packet more than can be numbered.
var tooLarge = newScenario("too-large", caseFile, func(s *stage) {
	s.content = nil
	s.place = func(path string) error {
		return errors.Join(os.WriteFile(path, nil, 0o600), os.Truncate(path, largestFile+1))
	}
})

var _ = Describe("file transfer", Client, Order(4), func() {
	It("numbers the packets of a file from 1 to their total and sends them in that order", Case(casePackets, "FIL-1"), Basic, fresh.label(), func(ctx SpecContext) {
		run := fresh.await(ctx)
		Expect(run.packets(ctx)).To(CountUp())
	})

	It("says the same sizes, total and name in every packet of a file", Case("CLT-FIL-02", "FIL-2"), fresh.label(), func(ctx SpecContext) {
		expectUnity(fresh.await(ctx).transfer(ctx))
	})

	It("states the sizes of the whole ciphertext and of the whole file", Case(caseSizes, "FIL-3"), Basic, fresh.label(), func(ctx SpecContext) {
		run := fresh.await(ctx)
		expectSizes(run, run.transfer(ctx))
	})

	It("fills every packet but the last with 1024 bytes of content", Case("CLT-FIL-04", "FIL-5"), fresh.label(), func(ctx SpecContext) {
		run := fresh.await(ctx)
		expectFull(run, run.transfer(ctx))
	})

	It("sends the file as one CBC chain under the AES key that it was given", Case(caseFile, "FIL-4", "KEY-8"), Basic, fresh.label(), func(ctx SpecContext) {
		run := fresh.await(ctx)
		Expect(run.transfer(ctx)).To(Bring(run.content))
	})

	It("calls the file by the base name of its path", Case("CLT-FIL-06", "FIL-24"), nested.label(), func(ctx SpecContext) {
		run := nested.await(ctx)
		Expect(run.first(ctx, spec.TypeFile)).To(Carry("file name", "note.txt"))
	})

	It("sends nothing and says why if a file takes more than 65,535 packets", Case("CLT-FIL-15", "FIL-22", "FIL-5"), fresh.label(), tooLarge.label(), func(ctx SpecContext) {
		fresh.await(ctx).transfer(ctx) // it can send
		run := tooLarge.await(ctx)
		Expect(run).To(SendNo())
		Expect(run.Output).NotTo(BeEmpty(), "what the client prints")
	})
})

// expectUnity is what the packets of a transfer have in common.
func expectUnity(transfer peer.Received) {
	GinkgoHelper()
	first := transfer.First()
	for _, packet := range transfer.Packets {
		m := *packet.Message.(*wire.File)
		m.Number, m.Content = first.Number, first.Content
		if reflect.DeepEqual(&m, first) {
			continue // there may be thousands
		}
		Expect(packet).To(Carry("content size", first.ContentSize))
		Expect(packet).To(Carry("original size", first.OriginalSize))
		Expect(packet).To(Carry("total packets", first.Total))
		Expect(packet).To(Carry("file name", first.Name))
	}
}

// expectFull looks at all packets but the last.
func expectFull(run *run, transfer peer.Received) {
	GinkgoHelper()
	fields, _ := wire.PayloadSize(run.edition, spec.TypeFile)
	for _, packet := range transfer.Packets[:len(transfer.Packets)-1] {
		if packet.Header.Size != uint32(fields+peer.DefaultPacket) {
			Expect(packet).To(Carry("payload size", fields+peer.DefaultPacket))
		}
	}
}

// expectSizes looks at the first packet: that the others say the same is FIL-2.
func expectSizes(run *run, transfer peer.Received) {
	GinkgoHelper()
	Expect(transfer.Packets[0]).To(Carry("content size", len(transfer.Cipher)))
	if run.edition.PacketFields {
		Expect(transfer.Packets[0]).To(Carry("original size", len(run.content)))
	}
}
