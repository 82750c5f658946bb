package server

import (
	"bytes"
	"context"
	"fmt"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	. "github.com/xferspec/xferspec/conformance"
	"github.com/xferspec/xferspec/harness/peer"
	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/wire"
)

var _ = Describe("file transfer", Server, Order(3), func() {
	It("answers a file with 1603 and the POSIX cksum of its plaintext", Case(caseFile, "FIL-9", "CRC-1"), Basic, func(ctx SpecContext) {
		c := keyed(ctx)
		t := c.NewTransfer("digits.txt", []byte("123456789"), peer.DefaultPacket)
		r := c.SendTransfer(t)
		Expect(r).To(Answer(spec.TypeFileReceived))
		right := Carry("cksum", 930766865)
		if other := recognize(ctx, c, t, r); other != nil {
			from(ctx).standIn = other
			from(ctx).ledger.Excuse(caseFile)
			Expect(r).To(right, "what the server computes is %s", other.name)
		}
		Expect(r).To(right)
	})

	It("answers a file once", Case(caseOnce, "FIL-8"), Basic, func(ctx SpecContext) {
		c := stored(ctx, "once.txt", []byte("once"))
		next := c.Exchange(&wire.CRCOK{Name: "once.txt"}) // if it is right is another case's concern
		check(next.Header.Code != code(c.Edition, spec.TypeFileReceived), "one answer to a file", "a second one: %s", next.What())
	})

	It("joins the packets of a file to one ciphertext, and answers after the last", Case(casePackets, "FIL-8", "FIL-11"), Basic, func(ctx SpecContext) {
		c := sender(ctx)
		t := c.NewTransfer("joined.bin", noise(4000, 0), peer.DefaultPacket)
		Expect(c.SendTransfer(t)).To(Acknowledge(t))
	})

	It("names the client's id in 1603", Case("SRV-FIL-04", "FIL-9", "KEY-9"), func(ctx SpecContext) {
		c := keyed(ctx)
		Expect(sent(ctx, c, "mine.txt", []byte("mine"))).To(Carry("client id", c.ID))
	})

	It("repeats the content size in 1603, little-endian", Case("SRV-FIL-05", "FIL-9", "FRM-1"), func(ctx SpecContext) {
		r := sent(ctx, keyed(ctx), "size.bin", noise(600, 0))
		Expect(r).To(Carry("content size", 608))
	})

	It("repeats the file name in 1603 as it came", Case("SRV-FIL-06", "FIL-9"), func(ctx SpecContext) {
		c := keyed(ctx)
		for _, name := range []string{"x", "Mixed Case and spaces.TAR.gz", strings.Repeat("long", 25)} {
			c = again(ctx, c)
			Expect(sent(ctx, c, name, []byte(name))).To(Carry("file name", name))
		}
	})

	for _, row := range []struct {
		id, clause string
		size       int
	}{
		{"SRV-FIL-07", "FIL-10", 0},
		{"SRV-FIL-08", "FIL-11", 1},
		{"SRV-FIL-09", "FIL-11", 15},
		{"SRV-FIL-10", "FIL-11", 16},
		{"SRV-FIL-11", "FIL-11", 17},
		{"SRV-FIL-12", "FIL-11", 1007}, // ciphertext of 1008 bytes, one packet not quite full
		{"SRV-FIL-13", "FIL-11", 1008}, // ciphertext of 1024 bytes, one packet
		{"SRV-FIL-14", "FIL-11", 1023},
		{"SRV-FIL-15", "FIL-11", 1024},
		{"SRV-FIL-16", "FIL-11", 1025},
		{"SRV-FIL-17", "FIL-11", 100 << 10},
		{"SRV-FIL-95", "FIL-11", 10 << 20},
	} {
		It(fmt.Sprintf("receives a file of %d bytes", row.size), Case(row.id, row.clause), func(ctx SpecContext) {
			c := senderOf(ctx, row.size, peer.DefaultPacket)
			t := c.NewTransfer("sized.bin", noise(row.size, 1), peer.DefaultPacket)
			Expect(c.SendTransfer(t)).To(Acknowledge(t))
		})
	}

	for _, row := range []struct {
		id, what string
		plain    []byte
	}{
		{"SRV-FIL-18", "zeros", make([]byte, 500)},
		{"SRV-FIL-19", "0xFF", bytes.Repeat([]byte{0xff}, 500)},
		{"SRV-FIL-20", "all byte values", allBytes()},
		{"SRV-FIL-21", "line ends of all kinds", bytes.Repeat([]byte("a\r\nb\nc\rd\n\r\x1a"), 50)},
	} {
		It("receives a file of "+row.what, Case(row.id, "FIL-11"), func(ctx SpecContext) {
			c := senderOf(ctx, len(row.plain), peer.DefaultPacket)
			t := c.NewTransfer("content.bin", row.plain, peer.DefaultPacket)
			Expect(c.SendTransfer(t)).To(Acknowledge(t))
		})
	}

	for _, row := range []struct {
		id          string
		size, plain int
	}{
		{"SRV-FIL-22", 1, 40},
		{"SRV-FIL-23", 15, 400},
		{"SRV-FIL-96", 1, 2000},
		{"SRV-FIL-97", 16, 1000},
		{"SRV-FIL-24", 1000, 5000},
		{"SRV-FIL-98", 1023, 5000},
		{"SRV-FIL-99", 1025, 5000},
		{"SRV-FIL-25", 4096, 20_000},
		{"SRV-FIL-100", 65_536, 200_000},
	} {
		It(fmt.Sprintf("takes packets with %d bytes of content", row.size), Case(row.id, "FIL-7"), func(ctx SpecContext) {
			c := senderOf(ctx, row.plain, row.size)
			t := c.NewTransfer("packets.bin", noise(row.plain, 2), row.size)
			Expect(c.SendTransfer(t)).To(Acknowledge(t))
		})
	}

	It("takes a whole file in one packet", Case("SRV-FIL-26", "FIL-7"), func(ctx SpecContext) {
		c := senderOf(ctx, 50_000, 60_000)
		t := c.NewTransfer("one-packet.bin", noise(50_000, 2), 60_000)
		Expect(c.SendTransfer(t)).To(Acknowledge(t))
	})

	It("takes packets of different lengths in one transfer", Case("SRV-FIL-27", "FIL-7"), func(ctx SpecContext) {
		c := sender(ctx, casePackets)
		t := c.NewTransfer("uneven.bin", noise(3000, 3), peer.DefaultPacket)
		first, second := &t.Packets[0], &t.Packets[1]
		second.Content = append(bytes.Clone(first.Content[1000:]), second.Content...)
		first.Content = first.Content[:1000]
		Expect(c.SendTransfer(t)).To(Acknowledge(t))
	})

	It("takes a last packet without content", Case("SRV-FIL-28", "FIL-25"), func(ctx SpecContext) {
		c := sender(ctx, casePackets)
		t := c.NewTransfer("empty-last.bin", noise(1008, 4), peer.DefaultPacket)
		last := t.Packets[0]
		t.Packets[0].Total = 2
		last.Total, last.Number, last.Content = 2, 2, nil
		t.Packets = append(t.Packets, last)
		Expect(c.SendTransfer(t)).To(Acknowledge(t))
	})
})

// longestPaced is how long a message may be, in bytes of content, to come in
// one segment, and mostPaced how many packets can be sent apart.
const longestPaced, mostPaced = 1100, 100

// senderOf is sender for a transfer of size bytes, in packets with so many bytes
// of content. A server that takes what it receives at once for one message
// cannot be judged by messages that are longer than a segment, nor by so many
// of them that two will come together in spite of all pacing.
func senderOf(ctx context.Context, size, packet int) *peer.Client {
	GinkgoHelper()
	longest := min(size, packet)
	if !from(ctx).edition.PacketFields {
		longest = size
	}
	if longest > longestPaced || size/packet > mostPaced {
		from(ctx).ledger.Require(caseApart)
	}
	if size < packet-16 {
		return sender(ctx)
	}
	return sender(ctx, casePackets)
}

func allBytes() []byte {
	b := make([]byte, 256)
	for i := range b {
		b[i] = byte(i)
	}
	return b
}
