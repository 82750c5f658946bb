// Package conformance is the frame in which the cases are declared, selected
// and run. The cases themselves are in the folders server and client.
//
// A case is a Ginkgo It with a Case decorator, in a Describe that says whom it
// binds:
//
//	var _ = Describe("registration", Server, Order(1), func() {
//		It("refuses a taken name with 1601", Case("SRV-REG-06", "REG-6"), func(ctx SpecContext) { … })
//	})
//
// The catalogue is read from these declarations, so a case is written down
// once. What a case may expect is the text of its clauses in spec/protocol.md;
// its level is that of its weakest clause in the edition under test.
//
// Ginkgo runs the cases and Gomega judges them, both inside the xferspec
// program: Execute hands the outcome to package report, and verdict and exit
// status are made there.
package conformance
