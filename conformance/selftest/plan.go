package selftest

import (
	"errors"
	"fmt"
	"hash/fnv"
	"slices"

	"github.com/xferspec/xferspec/conformance"
	"github.com/xferspec/xferspec/conformance/mutants"
)

// sampling is how many cases about other clauses stand for one on which a mutant
// is run, where it is not run on all. Which it is depends on the mutant, so that
// every case is seen with many mutants.
const sampling = 6

// costly are cases that take long, and find out hardly a mutant that others do
// not. A mutant is run on them only if they are about one of its clauses.
var costly = []string{
	"SRV-FRM-47", "SRV-FRM-48", "SRV-FRM-49", "SRV-FRM-50", "SRV-FRM-51", "SRV-FRM-52", "SRV-FRM-53", // hundreds of pieces
	"SRV-FRM-62", "SRV-FRM-63", "SRV-FRM-64", "SRV-FRM-65", "SRV-FRM-66", "SRV-FRM-67", "SRV-FRM-68", "SRV-ERR-18",
	"SRV-FRM-69",               // 64 clients
	"SRV-FRM-80", "SRV-FRM-81", // slow on purpose
	"SRV-FIL-95", "SRV-FIL-120", "SRV-FRM-82", // large files
	"SRV-ERR-22", "SRV-STO-10", "SRV-STO-17", // many starts
}

// CasesFor returns the ids of the cases on which a mutant is run: all about its
// clauses, and a sample of the others, or all. What they build on is run with them.
func (t Trial) CasesFor(m mutants.Mutant) []string {
	var ids []string
	for _, c := range t.Catalogue {
		if c.Role == m.Role && (t.Full || slices.ContainsFunc(m.Clauses, c.Tests) || m.Alone == "" && inSample(m, c)) {
			ids = append(ids, c.ID)
		}
	}
	return ids
}

func inSample(m mutants.Mutant, c conformance.CaseInfo) bool {
	h := fnv.New32a()
	fmt.Fprintln(h, m.ID, c.ID)
	return h.Sum32()%sampling == 0 && !slices.Contains(costly, c.ID)
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
