package server

import (
	"fmt"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	. "github.com/xferspec/xferspec/conformance"
	"github.com/xferspec/xferspec/harness/peer"
)

// Files that travel at the same time on two connections: a server may have read
// all of one before the other comes, so they are not short, and travel a few times.
const (
	mixed      = 30_000 // bytes
	mixedTimes = 4
)

var _ = Describe("transfers at the same time", Server, Order(7), func() {
	for _, row := range []struct {
		id, what string
		clauses  []string
		// other returns the second transfer's connection and client, given the first's.
		other func(ctx SpecContext, c *peer.Client) (conn, client *peer.Client)
		name  string   // of the second file; the first is one.bin
		needs []string // cases: of two transfers on one connection, one goes on after the other's answer
	}{
		{"SRV-FIL-72", "two clients on two connections under one name", []string{"FIL-18"}, anotherClient, "one.bin", nil},
		{"SRV-FIL-73", "one client on two connections under two names", []string{"FIL-18"}, anotherConnection, "two.bin", nil},
		{"SRV-FIL-74", "one client on two connections under one name", []string{"FIL-18"}, anotherConnection, "one.bin", nil},
		{"SRV-FIL-75", "two clients on one connection under one name", []string{"FIL-18", "FIL-16"}, anotherClientHere, "one.bin", []string{caseSecond}},
		{"SRV-FIL-76", "one client on one connection under two names", []string{"FIL-18", "FIL-16"}, sameClientHere, "two.bin", []string{caseSecond}},
	} {
		It("keeps apart the transfers of "+row.what, Case(row.id, row.clauses...), func(ctx SpecContext) {
			first := sender(ctx, append(row.needs, casePackets)...)
			conn, client := row.other(ctx, first)
			for i := range byte(mixedTimes) {
				interleave(fmt.Sprintf("try %d of %d", i+1, mixedTimes),
					lane{first, first, first.NewTransfer("one.bin", noise(mixed, 13+i), peer.DefaultPacket)},
					lane{conn, client, client.NewTransfer(row.name, noise(mixed-100, 33+i), peer.DefaultPacket)},
				)
			}
		})
	}
})

func anotherClient(ctx SpecContext, _ *peer.Client) (conn, client *peer.Client) {
	c := keyed(ctx)
	return c, c
}

func anotherConnection(ctx SpecContext, c *peer.Client) (conn, client *peer.Client) {
	c = beside(ctx, c)
	return c, c
}

func anotherClientHere(ctx SpecContext, c *peer.Client) (conn, client *peer.Client) {
	return c, keyed(ctx)
}

func sameClientHere(_ SpecContext, c *peer.Client) (conn, client *peer.Client) { return c, c }

// lane is one of two transfers that are under way at the same time.
type lane struct {
	conn   *peer.Client // whose connection it takes
	client *peer.Client // whose file it is
	file   *peer.Transfer
}

// interleave sends two transfers of as many packets in turns. Where a file is
// one message, its halves take turns, unless they share a connection.
func interleave(try string, a, b lane) {
	GinkgoHelper()
	lanes := []lane{a, b}
	parts := make([][][]byte, len(lanes))
	for i, l := range lanes {
		for j := range l.file.Packets {
			parts[i] = append(parts[i], l.client.Encode(&l.file.Packets[j]))
		}
		if len(parts[i]) == 1 && a.conn != b.conn {
			whole := parts[i][0]
			parts[i] = [][]byte{whole[:len(whole)/2], whole[len(whole)/2:]}
		}
	}
	for j := range parts[0] {
		for i, l := range lanes {
			l.conn.SendBytes(parts[i][j])
			if j == len(parts[i])-1 {
				Expect(l.conn.ReceiveFor(l.file)).To(Acknowledge(l.file), "%s, %s", l.file.Name, try)
			}
		}
	}
}
