package server

import (
	"context"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	. "github.com/xferspec/xferspec/conformance"
	"github.com/xferspec/xferspec/harness/peer"
	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/wire"
)

var _ = Describe("segmentation", Server, Order(8), func() {
	for _, row := range []struct {
		id, what string
		cut      func(ed *spec.Edition, message []byte) [][]byte
		paused   bool
	}{
		{"SRV-FRM-19", "its header apart from its payload", headerApart, true},
		{"SRV-FRM-20", "two halves", halves, true},
		{"SRV-FRM-21", "a piece for every field", fieldsApart, true},
		{"SRV-FRM-22", "single bytes", singleBytes, false},
	} {
		It("understands a conversation in which every message comes in "+row.what, Case(row.id, "FRM-5"), func(ctx SpecContext) {
			c := conversant(ctx)
			c.Cut = func(message []byte) [][]byte { return row.cut(c.Edition, message) }
			if row.paused {
				c.Between = pause(ctx)
			}
			converse(ctx, c)
			back := again(ctx, c)
			back.Cut, back.Between = c.Cut, c.Between
			resume(ctx, back)
		})
	}

	for _, row := range []struct {
		id, what string
		size     int
	}{
		{"SRV-FRM-23", "1030 and a file of one packet", 900},
		{"SRV-FRM-24", "1030 and a file of 20 packets", 20_000},
	} {
		It("understands "+row.what+" in one segment", Case(row.id, "FRM-5"), func(ctx SpecContext) {
			from(ctx).ledger.Require(caseResend)
			c := senderOf(ctx, row.size, peer.DefaultPacket)
			t := c.NewTransfer("one-segment.bin", noise(row.size, 22), peer.DefaultPacket)
			sent(ctx, c, t.Name, t.Plain)
			c.SendBytes(append(c.Encode(&wire.CRCBad{Name: t.Name}), c.EncodeTransfer(t)...))
			Expect(c.ReceiveFor(t)).To(Acknowledge(t))
		})
	}

	It("understands two packets of a file in one segment", Case("SRV-FRM-83", "FRM-5"), func(ctx SpecContext) {
		c := sender(ctx)
		t := c.NewTransfer("two-packets.bin", noise(1500, 25), peer.DefaultPacket)
		c.SendBytes(c.EncodeTransfer(t))
		Expect(c.ReceiveFor(t)).To(Acknowledge(t))
	})

	It("understands packets in segments that end anywhere", Case("SRV-FRM-25", "FRM-5"), func(ctx SpecContext) {
		c := sender(ctx, casePackets)
		c.Cut = func(b []byte) [][]byte { return slices.Collect(slices.Chunk(b, 1000)) }
		c.Between = pause(ctx)
		t := c.NewTransfer("anywhere.bin", noise(10_000, 23), peer.DefaultPacket)
		c.SendBytes(c.EncodeTransfer(t))
		Expect(c.ReceiveFor(t)).To(Acknowledge(t))
	})

	It("understands 100 KB that come back to back, every time", Case("SRV-FRM-26", "FRM-5"), func(ctx SpecContext) {
		c := sender(ctx, casePackets)
		t := c.NewTransfer("back-to-back.bin", noise(100_000, 24), peer.DefaultPacket)
		const rounds = 5
		var bad []string
		for range rounds {
			c = again(ctx, c)
			c.SendBytes(c.EncodeTransfer(t))
			if r := c.ReceiveFor(t); !isOf(t, r) {
				bad = append(bad, r.String())
			}
		}
		expected := fmt.Sprintf("%d file-received with cksum %d, every time", code(c.Edition, spec.TypeFileReceived), t.Cksum())
		check(len(bad) == 0, expected, "something else %d of %d times: %s", len(bad), rounds, strings.Join(bad, "; "))
	})
})

func headerApart(_ *spec.Edition, message []byte) [][]byte {
	return [][]byte{message[:wire.RequestHeaderSize], message[wire.RequestHeaderSize:]}
}

func halves(_ *spec.Edition, message []byte) [][]byte {
	return [][]byte{message[:len(message)/2], message[len(message)/2:]}
}

func singleBytes(_ *spec.Edition, message []byte) [][]byte {
	return slices.Collect(slices.Chunk(message, 1))
}

func fieldsApart(ed *spec.Edition, message []byte) [][]byte {
	t := ed.Request(binary.LittleEndian.Uint16(message[17:]))
	var pieces [][]byte
	for _, f := range wire.Layout(ed, t, len(message)-wire.RequestHeaderSize) {
		pieces = append(pieces, message[f.Offset:f.Offset+f.Size])
	}
	return pieces
}

// pause returns a function that gives the server the time to read what it was
// sent on one connection, by having it answer something on another. It is nil
// for a server that serves one connection at a time.
func pause(ctx context.Context) func() {
	if from(ctx).ledger.Broken(caseTwo) {
		return nil
	}
	c := registered(ctx)
	return func() {
		if c == nil {
			return
		}
		switch r := c.Register(c.Name); {
		case r.Ended():
			c = again(ctx, c)
		case r.Outcome == peer.Silent: // that is not waited for again
			c = nil
		}
	}
}
