package explain

import (
	"slices"

	"github.com/xferspec/xferspec/conformance"
	"github.com/xferspec/xferspec/spec"
)

// near returns the ids that differ least from id: those of clauses, cases and
// groups, and the names of messages.
func (x *Explainer) near(id string) []string {
	var all []string
	for _, c := range spec.Clauses() {
		all = append(all, c.ID)
		if group := c.Group(); !slices.Contains(all, group) {
			all = append(all, group)
		}
	}
	all = append(all, x.Catalogue.IDs()...)
	for _, t := range append(spec.RequestTypes(), spec.ResponseTypes()...) {
		all = append(all, t.String())
	}
	return conformance.Near(id, all)
}
