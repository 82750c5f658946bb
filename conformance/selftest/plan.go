package selftest

import (
	"errors"
	"fmt"
	"hash/fnv"
	"slices"

	"github.com/xferspec/xferspec/conformance"
	"github.com/xferspec/xferspec/conformance/mutants"
	"github.com/xferspec/xferspec/spec"
)

// sampling is how many cases about other clauses stand for one on which a mutant of
// a server is run, where it is not run on all. Which it is depends on the mutant, so
// that every case is seen with many mutants. A variation of a server that is not
// thorough is run on one of differing, and of the cases of a client, and of those of
// a server that are costly, on one of varying.
const (
	sampling  = 6
	differing = 2
	varying   = 4
)

// costly are cases that take long, and find out hardly a mutant that others do
// not. A mutant is run on them only if they are about one of its clauses.
var costly = []string{
	"SRV-FRM-47", "SRV-FRM-48", "SRV-FRM-49", "SRV-FRM-50", "SRV-FRM-51", "SRV-FRM-52", "SRV-FRM-53", // hundreds of pieces
	"SRV-FRM-62", "SRV-FRM-63", "SRV-FRM-64", "SRV-FRM-65", "SRV-FRM-66", "SRV-FRM-67", "SRV-FRM-68", "SRV-ERR-18",
	"SRV-FRM-69",               // 64 clients
	"SRV-FRM-80", "SRV-FRM-81", // slow on purpose
	"SRV-FIL-95", "SRV-FIL-120", "SRV-FRM-82", // large files
	"SRV-ERR-22", "SRV-STO-10", "SRV-STO-17", // many starts
	"CLT-FIL-22",                                                                                     // the largest file
	"CLT-RTY-57", "CLT-RTY-58", "CLT-RTY-59", "CLT-RTY-60", "CLT-RTY-61", "CLT-RTY-64", "CLT-FRM-12", // patience
}

// manyRuns is how many runs of a client make a case a sweeping one. Each starts a
// process, and other cases look at most of them too. So does the run with a file of
// 10 MiB, which takes as long as ten others. A mutant is run on such a case only if
// its row names it.
const manyRuns = 7

func sweeping(c conformance.CaseInfo) bool {
	return len(c.Scenarios) >= manyRuns || c.ID == "CLT-FIL-21"
}

// CasesFor returns the ids of the cases on which a mutant is run: all about its
// clauses, and of the others a sample, or for a client those that look at the same
// runs. What they build on is run with them.
func (t Trial) CasesFor(m mutants.Mutant) []string {
	about := func(c conformance.CaseInfo) bool {
		return slices.ContainsFunc(m.Clauses, c.Tests) && !sweeping(c) || slices.Contains(m.Also, c.ID)
	}
	made := t.runs(func(c conformance.CaseInfo) bool { return c.Role == m.Role && (c.Basic || about(c)) })
	return t.selected(m.Role, func(c conformance.CaseInfo) bool {
		switch {
		case about(c):
			return true
		case m.Alone != "":
			return false
		case t.Full:
			return true
		case slices.Contains(costly, c.ID):
			return false
		case c.Role == spec.Client:
			return looksAt(c, made)
		default:
			return chosen(m.ID, c, sampling)
		}
	})
}

// CasesForVariation returns the ids of the cases on which a variation is run: nearly
// all, if it is thorough, or else a sample.
func (t Trial) CasesForVariation(v mutants.Variation) []string {
	made := t.runs(func(c conformance.CaseInfo) bool { return c.Basic })
	return t.selected(v.Role, func(c conformance.CaseInfo) bool {
		dear, sampled := slices.Contains(costly, c.ID), chosen(v.ID, c, varying)
		switch {
		case t.Full:
			return true
		case dear:
			return sampled && c.Role == spec.Server
		case c.Role == spec.Server:
			return v.Thorough || chosen(v.ID, c, differing)
		default:
			return looksAt(c, made) || !sweeping(c) && sampled
		}
	})
}

// selected returns the ids of the cases of a role that are wanted.
func (t Trial) selected(role spec.Role, wanted func(c conformance.CaseInfo) bool) []string {
	var ids []string
	for _, c := range t.Catalogue {
		if c.Role == role && wanted(c) {
			ids = append(ids, c.ID)
		}
	}
	return ids
}

// runs returns the runs of a client that some cases look at.
func (t Trial) runs(of func(c conformance.CaseInfo) bool) map[string]bool {
	runs := map[string]bool{}
	for _, c := range t.Catalogue {
		if of(c) {
			for _, run := range c.Scenarios {
				runs[run] = true
			}
		}
	}
	return runs
}

// looksAt says whether a case looks at some of these runs of a client and no others.
func looksAt(c conformance.CaseInfo, runs map[string]bool) bool {
	another := func(run string) bool { return !runs[run] }
	return len(c.Scenarios) > 0 && !slices.ContainsFunc(c.Scenarios, another)
}

// chosen says whether a case is the one in n that is in the sample for a mutant or a
// variation.
func chosen(id string, c conformance.CaseInfo, n uint32) bool {
	h := fnv.New32a()
	fmt.Fprintln(h, id, c.ID)
	return h.Sum32()%n == 0
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
