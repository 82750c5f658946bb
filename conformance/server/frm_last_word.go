package server

import (
	"fmt"
	"strings"

	. "github.com/onsi/ginkgo/v2"

	. "github.com/xferspec/xferspec/conformance"
	"github.com/xferspec/xferspec/harness/peer"
	"github.com/xferspec/xferspec/spec"
)

var _ = Describe("an error response as the last word", Server, Order(10), func() {
	const unread = 20_000 // bytes behind the header that shows the fault
	for _, row := range []struct {
		id, what string
		request  func(c *peer.Client, size int) []byte
	}{
		{"SRV-FRM-61", "an unknown code", func(c *peer.Client, size int) []byte {
			return frame(c, unknownCodes(c.Edition)[0], make([]byte, size))
		}},
		{"SRV-FRM-71", "a file from an unknown id", func(c *peer.Client, size int) []byte {
			return c.EncodeTransfer(c.NewTransfer("last-word.bin", make([]byte, size), peer.DefaultPacket))
		}},
	} {
		It("lets a client read the error response to "+row.what+" that has more behind it", Case(row.id, "FRM-15"), func(ctx SpecContext) {
			ask := func(size int) peer.Reply {
				c := stranger(ctx, connect(ctx))
				defer leave(ctx, c)
				c.SendBytes(row.request(c, size))
				return c.Receive()
			}
			if typeOf(ask(0)) != spec.TypeError {
				return // no error response, so none that could be lost: that is for ERR-6 and FIL-17
			}
			const rounds = 5
			var lost []string
			for range rounds {
				if r := ask(unread); typeOf(r) != spec.TypeError {
					lost = append(lost, r.String())
				}
			}
			check(len(lost) == 0, fmt.Sprintf("%s, every time", spec.TypeError), "not read %d of %d times: %s", len(lost), rounds, strings.Join(lost, "; "))
		})
	}
})
