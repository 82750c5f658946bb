package selftest

import (
	"fmt"
	"slices"
	"strings"

	"github.com/xferspec/xferspec/conformance"
	"github.com/xferspec/xferspec/conformance/mutants"
	"github.com/xferspec/xferspec/conformance/report"
	"github.com/xferspec/xferspec/spec"
)

// Run is what a run of the suite on a mutant or a variation came to: a report, or
// the reason why there is none.
type Run struct {
	Report *report.Report
	Again  *report.Report // a second run, on the cases that Lost named; nil for none
	Err    error
}

// Trial is the suite's trial: what it is run on, and what came out. The runs stand
// in the order of the mutants and the variations.
type Trial struct {
	Catalogue  conformance.Catalogue
	Edition    *spec.Edition
	Mutants    []mutants.Mutant
	Variations []mutants.Variation
	Partial    bool   // only a part of them was selected
	Full       bool   // mutants are run on all cases
	Record     Record // what is compared with; the zero value has nothing

	MutantRuns, VariationRuns []Run
}

// Judge makes the result of a trial.
func Judge(t Trial) *Result {
	r := &Result{
		Schema: Schema, Edition: t.Edition.Name, Partial: t.Partial, Full: t.Full,
		Faults: []string{}, Mutants: []MutantResult{}, Variations: []VariationResult{}, Cases: []CaseResult{},
	}
	for i, m := range t.Mutants {
		r.Mutants = append(r.Mutants, t.mutant(m, t.MutantRuns[i]))
	}
	for i, v := range t.Variations {
		r.Variations = append(r.Variations, t.variation(v, t.VariationRuns[i]))
	}
	r.Cases = t.cases()
	r.finish()
	return r
}

// mutant judges the run on a mutant.
func (t Trial) mutant(m mutants.Mutant, run Run) MutantResult {
	out := MutantResult{
		ID: m.ID, Role: m.Role.String(), Clauses: m.Clauses, Often: m.Often, About: m.About,
		Bound: m.Bound(), Why: m.Why, Varies: m.Varies, Alone: m.Alone, KilledBy: []string{},
	}
	if out.Reason = whyNot(run); out.Reason != "" {
		out.Outcome = NotRun
		return out
	}
	out.DurationMs, out.NotRun = run.Report.DurationMs, run.Report.Counts.NotRun
	found := map[string]bool{} // clauses
	for _, c := range run.Report.With(report.Failed, report.Warned) {
		about := false
		for _, id := range m.Clauses {
			if slices.Contains(c.Clauses, id) {
				about = true
				found[id] = found[id] || c.Status == report.Failed || t.level(id) == spec.Should
			}
		}
		switch {
		case about:
			out.KilledBy = append(out.KilledBy, c.ID)
		case c.ConsequenceOf != "" || names(c, m.Clauses):
			out.Consequences = append(out.Consequences, c.ID)
		case c.Status == report.Failed:
			out.Unrelated = append(out.Unrelated, c.ID)
		default:
			out.Warned = append(out.Warned, c.ID)
		}
	}
	for _, id := range t.Lost(m, run.Report) {
		if run.Again != nil && ended(run.Again, id, report.Failed, report.Warned) {
			out.Late = append(out.Late, id)
		} else {
			out.Lost = append(out.Lost, id)
		}
	}
	out.Outcome = Killed
	for _, id := range m.Clauses {
		if !found[id] {
			out.Outcome = Survived
			out.Missed = append(out.Missed, id)
		}
	}
	return out
}

// names says whether what a case that failed says of it names one of these clauses
// as the cause, as the death of a server is (ERR-4).
func names(c report.Case, clauseIDs []string) bool {
	return slices.ContainsFunc(clauseIDs, func(id string) bool { return strings.Contains(c.Message, "("+id+")") })
}

// variation judges the run on a variation.
func (t Trial) variation(v mutants.Variation, run Run) VariationResult {
	out := VariationResult{ID: v.ID, Role: v.Role.String(), About: v.About, Departs: v.Departs, Outcome: Cleared}
	if out.Reason = whyNot(run); out.Reason != "" {
		out.Outcome = NotRun
		return out
	}
	out.DurationMs = run.Report.DurationMs
	for _, c := range run.Report.With(report.Failed, report.Warned) {
		departs := func(id string) bool { return slices.Contains(v.Departs, id) }
		if c.Status == report.Warned && slices.ContainsFunc(c.Clauses, departs) {
			out.Warned = append(out.Warned, c.ID)
			continue
		}
		out.AccusedBy = append(out.AccusedBy, c.ID)
		out.Outcome = Accused
	}
	if n := run.Report.Counts.NotRun; n > 0 && out.Outcome == Cleared {
		out.Outcome, out.Reason = NotRun, fmt.Sprintf("%d cases were not run", n)
	}
	return out
}

// whyNot says why a run proves nothing; "" if it does.
func whyNot(run Run) string {
	switch {
	case run.Err != nil:
		return run.Err.Error()
	case run.Report.Fault != "":
		return "fault of the suite: " + run.Report.Fault
	case run.Report.Reason != "":
		return run.Report.Reason
	case run.Report.Counts.Passed+run.Report.Counts.Failed+run.Report.Counts.Warned == 0:
		return "no case was judged"
	}
	return ""
}

func (t Trial) level(clauseID string) spec.Level {
	clause, _ := spec.LookupClause(clauseID)
	return t.Edition.Level(clause)
}

// cases returns the MUST cases of the roles that mutants were selected of, with
// what each kills.
func (t Trial) cases() []CaseResult {
	all := []CaseResult{}
	for _, c := range t.Catalogue {
		ofRole := func(m mutants.Mutant) bool { return m.Role == c.Role }
		excluded := func(clause spec.Clause) bool { return t.Edition.Excludes(clause.ID) != "" }
		if c.Level(t.Edition) != spec.Must || slices.ContainsFunc(c.Clauses, excluded) || !slices.ContainsFunc(t.Mutants, ofRole) {
			continue
		}
		out := CaseResult{ID: c.ID, Role: c.Role.String(), Kills: []string{}}
		for _, clause := range c.Clauses {
			out.Clauses = append(out.Clauses, clause.ID)
		}
		for i, m := range t.Mutants {
			if run := t.MutantRuns[i]; ofRole(m) && whyNot(run) == "" && ended(run.Report, c.ID, report.Failed) {
				out.Kills = append(out.Kills, m.ID)
			}
		}
		if len(out.Kills) > 0 || !t.inapplicable(c) {
			all = append(all, out)
		}
	}
	return all
}

// inapplicable says whether a case had nothing to look at here, such as a file that
// nobody may read where the user may read every file.
func (t Trial) inapplicable(c conformance.CaseInfo) bool {
	said := false
	for _, run := range t.MutantRuns {
		if whyNot(run) == "" && ended(run.Report, c.ID, report.Passed, report.Failed, report.NotRun) {
			return false
		}
		said = said || whyNot(run) == "" && ended(run.Report, c.ID, report.NotApplicable)
	}
	return said
}

// ended says whether a case came to one of these ends.
func ended(r *report.Report, caseID string, as ...report.Status) bool {
	return slices.ContainsFunc(r.Cases, func(c report.Case) bool { return c.ID == caseID && slices.Contains(as, c.Status) })
}
