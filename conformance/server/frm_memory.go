package server

import (
	"context"
	"errors"
	"fmt"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	. "github.com/xferspec/xferspec/conformance"
	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/wire"
)

// What is declared to see whether it takes memory, in bytes: less than would
// endanger the machine, and more than any server grows by for other reasons. A
// server that takes half of it is not just growing.
const (
	declaredSize = 512 << 20
	mostGrowth   = declaredSize / 2
	takingMemory = 4 << 20 // to take it up takes a busy machine as long as to receive so much
)

var _ = Describe("memory", Server, Local, Order(9), func() {
	It(fmt.Sprintf("takes no memory for %d MiB that a request declares and that never come", declaredSize>>20), Case("SRV-FRM-78", "FRM-13"), func(ctx SpecContext) {
		owner := keyed(ctx)
		before := memory(ctx)
		for _, t := range []spec.MessageType{spec.TypeFile, spec.TypeRegister} {
			c := beside(ctx, owner)
			h := wire.RequestHeader{Client: c.ID, Version: c.Edition.Version, Code: code(c.Edition, t), Size: declaredSize}
			c.SendBytes(append(h.Append(nil), noise(1000, 28)...))
			c.CloseWrite() // what comes back then, if only the end, comes when the server has read up to there
			r := c.ReceiveWithin(c.TransferTimeout(takingMemory))
			growth := memory(ctx) - before
			check(growth < mostGrowth, fmt.Sprintf("the server takes up less than %d MiB more than before", mostGrowth>>20),
				"%d MiB more, after %s (source port %d)", growth>>20, r.Sent, r.Port)
		}
	})
})

// memory returns the most that the target has taken up so far, in bytes.
func memory(ctx context.Context) int64 {
	GinkgoHelper()
	most, err := from(ctx).target.Memory()
	if errors.Is(err, errors.ErrUnsupported) {
		NotApplicable("the memory of a container, or on a system other than Linux, is not seen")
	}
	Expect(err).NotTo(HaveOccurred(), "the server's memory")
	return most
}
