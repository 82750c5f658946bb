package client

import (
	"path"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	. "github.com/xferspec/xferspec/conformance"
	"github.com/xferspec/xferspec/spec"
)

// longName returns the name of a file with that many characters.
func longName(n int) string { return strings.Repeat("n", n-len(".txt")) + ".txt" }

// Names that a text field takes, or does not.
var (
	spacedName = named("spaced-name", "a name with  spaces.txt")
	nameOf254  = named("name-of-254", longName(254))
	nameOf255  = named("name-of-255", longName(255))
	fullPath   = newScenario("full-path", caseFile, func(s *stage) { s.path, s.full = "outbox/full.txt", true })
)

func named(name, file string) *scenario {
	return newScenario(name, caseFile, func(s *stage) { s.path = file })
}

var _ = Describe("names of files", Client, Order(9), func() {
	for _, row := range []struct {
		id, what string
		run      *scenario
	}{
		{"CLT-FIL-23", "with spaces in its name", spacedName},
		{"CLT-FIL-24", "with a name of 254 characters", nameOf254},
		{"CLT-FIL-25", "whose path begins at the root", fullPath},
	} {
		It("sends a file "+row.what, Case(row.id, "FIL-24", "CFG-1"), row.run.label(), func(ctx SpecContext) {
			if row.run == fullPath && from(ctx).contained() {
				NotApplicable("where a container has its working directory is not known before it is made")
			}
			run := row.run.await(ctx)
			Expect(run.first(ctx, spec.TypeFile)).To(Carry("file name", path.Base(run.path)))
			Expect(run.transfer(ctx)).To(Bring(run.content))
			Expect(run).To(EndWell())
		})
	}

	It("uploads nothing if the name has 255 characters, which no text field takes", Case("CLT-FRM-10", "FRM-8", "FIL-24"), fresh.label(), nameOf255.label(), func(ctx SpecContext) {
		fresh.await(ctx).transfer(ctx) // where it can, it does
		Expect(nameOf255.await(ctx)).To(SendNo(spec.TypeFile))
	})
})
