package server

import (
	"bytes"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	. "github.com/xferspec/xferspec/conformance"
)

var _ = Describe("padding of every length", Server, Order(7), func() {
	It("does not take a file with wrong padding for the right one, whatever its length", Case("SRV-FIL-101", "FIL-13"), func(ctx SpecContext) {
		c := sender(ctx, casePackets)
		for n := 1; n <= blockSize; n++ {
			c = again(ctx, c)
			t := pad(c, wrongPadding(n)...)
			Expect(c.SendTransfer(t)).To(NotPass(t), "padding of %d bytes, % x", n, wrongPadding(n))
		}
		expectFile(again(ctx, c))
	})

	It("answers wrong padding with 1607, whatever its length", Case("SRV-FIL-102", "FIL-26"), func(ctx SpecContext) {
		c := sender(ctx, casePackets)
		for n := 1; n <= blockSize; n++ {
			c = again(ctx, c)
			Expect(c.SendTransfer(pad(c, wrongPadding(n)...))).To(RefuseByAnswer(), "padding of %d bytes, % x", n, wrongPadding(n))
		}
	})
})

// blockSize is that of AES in bytes, and the longest padding.
const blockSize = 16

// wrongPadding returns n bytes of padding whose last one is right and whose
// first one is not; of a single byte no value below 17 is sure to be wrong.
func wrongPadding(n int) []byte {
	if n == 1 {
		return []byte{blockSize + 1}
	}
	padding := bytes.Repeat([]byte{byte(n)}, n)
	padding[0] = 0
	return padding
}
