package server

import (
	"bytes"
	"fmt"

	. "github.com/onsi/ginkgo/v2"

	. "github.com/xferspec/xferspec/conformance"
	"github.com/xferspec/xferspec/harness/peer"
	"github.com/xferspec/xferspec/spec/wire"
)

var _ = Describe("requests in one segment", Server, Order(8), func() {
	for _, row := range []struct {
		id, what string
		files    int // each with its 1029
	}{
		{"SRV-FRM-54", "two", 1},
		{"SRV-FRM-55", "twenty", 10},
	} {
		It("answers "+row.what+" requests in one segment as it answers them one by one", Case(row.id, "FRM-16"), func(ctx SpecContext) {
			c := sender(ctx, caseThanks)
			var requests [][]byte
			for i := range row.files {
				t := c.NewTransfer(fmt.Sprintf("together-%d.txt", i), noise(100+i, 40), peer.DefaultPacket)
				requests = append(requests, c.Encode(&t.Packets[0]), c.Encode(&wire.CRCOK{Name: t.Name}))
			}
			var plain []peer.Reply
			for i, request := range requests {
				if i > 0 && i%2 == 0 { // a connection for every file
					c = again(ctx, c)
				}
				c.SendBytes(request)
				plain = append(plain, c.Receive())
			}
			c = again(ctx, c)
			c.SendBytes(bytes.Join(requests, nil))
			for i := range requests {
				expectSame(plain[i], c.Receive(), "number %d of %d in one segment", i+1, len(requests))
			}
		})
	}
})
