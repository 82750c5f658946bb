package server

import (
	"fmt"
	"math"
	"strings"
	"sync"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	. "github.com/xferspec/xferspec/conformance"
	"github.com/xferspec/xferspec/harness/peer"
	"github.com/xferspec/xferspec/spec/wire"
)

var _ = Describe("a crowd", Server, Order(8), func() {
	It("receives the files of 64 clients at once, all under one name", Case("SRV-FRM-69", "FRM-7", "FIL-18", "FIL-20"), func(ctx SpecContext) {
		const clients, size = 64, 10_000
		from(ctx).ledger.Require(caseApart) // pacing does not keep so many apart
		var crowd []*peer.Client
		var files []*peer.Transfer
		for i := range clients {
			c := sender(ctx, casePackets)
			crowd = append(crowd, c)
			files = append(files, c.NewTransfer("crowd.bin", noise(size, byte(i)), peer.DefaultPacket))
		}
		replies := make([]peer.Reply, clients)
		var wait sync.WaitGroup
		for i, c := range crowd {
			wait.Go(func() {
				c.SendPackets(files[i].Packets...)
				replies[i] = c.ReceiveWithin(c.TransferTimeout(clients * size))
			})
		}
		wait.Wait()
		var bad []string
		for i, r := range replies {
			if !isOf(files[i], r) {
				bad = append(bad, r.String())
			}
		}
		check(len(bad) == 0, fmt.Sprintf("the cksum of its own file for each of %d clients", clients),
			"something else for %d of them: %s", len(bad), strings.Join(bad, "; "))
	})

	It("goes on with a transfer that stopped between packets while others were served", Case("SRV-FRM-70", "FRM-7", "FIL-18"), func(ctx SpecContext) {
		other, stalled := conversant(ctx), sender(ctx)
		t := stalled.NewTransfer("conversation.bin", noise(3500, 41), peer.DefaultPacket) // as the other's
		half := len(t.Packets) / 2
		stalled.SendPackets(t.Packets[:half]...)
		converse(ctx, other)
		stalled.SendPackets(t.Packets[half:]...)
		Expect(stalled.ReceiveFor(t)).To(Acknowledge(t))
	})

	for _, row := range []struct {
		id   string
		size uint32
	}{
		{"SRV-FRM-59", 1 << 31},
		{"SRV-FRM-60", math.MaxUint32},
	} {
		It(fmt.Sprintf("serves others while requests of all kinds declare %d bytes", row.size), Case(row.id, "FRM-13"), func(ctx SpecContext) {
			other, owner := conversant(ctx), keyed(ctx)
			var declaring []*peer.Client
			for _, p := range probes {
				code, ok := owner.Edition.Code(p.request)
				if !ok {
					continue
				}
				c := beside(ctx, owner)
				h := wire.RequestHeader{Client: c.ID, Version: c.Edition.Version, Code: code, Size: row.size}
				c.SendBytes(append(h.Append(nil), noise(1000, 42)...))
				declaring = append(declaring, c)
			}
			converse(ctx, other)
			for _, c := range declaring {
				hangUp(c) // see SRV-FRM-35
			}
		})
	}
})
