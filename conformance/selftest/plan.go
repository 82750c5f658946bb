package selftest

import (
	"errors"
	"fmt"

	"github.com/xferspec/xferspec/conformance/mutants"
)

// costly are cases that take long, and find out hardly a mutant that others do
// not. A mutant is run on them only if they are about one of its clauses.
var costly = map[string]bool{}

// CasesFor returns the ids of the cases on which a mutant is run.
func (t Trial) CasesFor(m mutants.Mutant) []string {
	var ids []string
	for _, c := range t.Catalogue {
		if c.Role != m.Role {
			continue
		}
		about := false
		for _, id := range m.Clauses {
			about = about || c.Tests(id)
		}
		if about || !costly[c.ID] {
			ids = append(ids, c.ID)
		}
	}
	return ids
}

// Fault returns the faults of the suite itself that came to light in the runs.
func (t Trial) Fault() error {
	var faults []error
	note := func(id string, run Run) {
		if run.Report != nil && run.Report.Fault != "" {
			faults = append(faults, fmt.Errorf("%s: %s", id, run.Report.Fault))
		}
	}
	for i, m := range t.Mutants {
		note(m.ID, t.MutantRuns[i])
	}
	for i, v := range t.Variations {
		note(v.ID, t.VariationRuns[i])
	}
	return errors.Join(faults...)
}
