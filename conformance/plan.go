package conformance

import (
	"fmt"
	"slices"
	"strings"

	"github.com/xferspec/xferspec/conformance/report"
	"github.com/xferspec/xferspec/spec"
)

// Selection says which cases are wanted. The zero value of a field wants all.
type Selection struct {
	Role      spec.Role
	Edition   *spec.Edition
	CaseIDs   []string
	ClauseIDs []string
	Level     spec.Level
	Within    *Requirements // the set that they are taken from; nil for all cases
	Remote    bool          // the target is an address: its process and folder are out of reach
}

// Planned is a case that was selected.
type Planned struct {
	CaseInfo
	Level spec.Level // in the edition
	// NotApplicable is why the case cannot be run on this target in this
	// edition; empty if it can.
	NotApplicable string
	// Silent means that the case was not selected, but that others build on it:
	// it is run and not reported.
	Silent bool
}

// Unrun returns the case as one that was not run, or that does not apply.
func (p Planned) Unrun(reason string) report.Case {
	c := report.Case{
		ID: p.ID, Title: p.Title, Group: p.Group, Level: p.Level.String(), Status: report.NotRun, Reason: reason,
	}
	for _, clause := range p.Clauses {
		c.Clauses = append(c.Clauses, clause.ID)
	}
	if p.NotApplicable != "" {
		c.Status, c.Reason = report.NotApplicable, p.NotApplicable
	}
	return c
}

// Plan selects cases, in the order in which they will run. An id that exists
// nowhere, or not for this role, is an *UnknownIDError.
func (c Catalogue) Plan(s Selection) ([]Planned, error) {
	if err := c.checkIDs(s); err != nil {
		return nil, err
	}
	var plan []Planned
	for _, info := range c {
		if info.Role == s.Role && info.selected(s) {
			plan = append(plan, info.planned(s))
		}
	}
	return plan, nil
}

// WithBasics adds to a part of a plan the basic cases that are not in it, silent:
// so the outcome of a case does not depend on which others were selected.
func (c Catalogue) WithBasics(plan []Planned, s Selection) []Planned {
	if !slices.ContainsFunc(plan, func(p Planned) bool { return p.NotApplicable == "" }) {
		return plan // nothing will be run
	}
	var all []Planned
	for _, info := range c {
		i := slices.IndexFunc(plan, func(p Planned) bool { return p.ID == info.ID })
		if i >= 0 {
			all = append(all, plan[i])
		} else if info.Basic && info.Role == s.Role {
			p := info.planned(s)
			p.Silent = true
			all = append(all, p)
		}
	}
	return all
}

func (c CaseInfo) planned(s Selection) Planned {
	return Planned{CaseInfo: c, Level: c.Level(s.Edition), NotApplicable: c.notApplicable(s)}
}

func (c Catalogue) checkIDs(s Selection) error {
	for _, id := range s.CaseIDs {
		i := slices.IndexFunc(c, func(info CaseInfo) bool { return info.ID == id })
		if i < 0 {
			return c.UnknownCase(id)
		}
		if c[i].Role != s.Role {
			return &UnknownIDError{Kind: "case", ID: id, Hint: fmt.Sprintf(" for a %s (it tests a %s)", s.Role, c[i].Role)}
		}
		if !s.Within.Has(id) {
			return &UnknownIDError{Kind: "case", ID: id, Hint: fmt.Sprintf(" in requirements %s (it was added later: --requirements %s has it)", s.Within.Name, Next)}
		}
	}
	for _, id := range s.ClauseIDs {
		clause, ok := spec.LookupClause(id)
		if !ok {
			return UnknownClause(id)
		}
		if !clause.Roles.Has(s.Role) {
			return &UnknownIDError{Kind: "clause", ID: id, Hint: fmt.Sprintf(" for a %s (it binds the %s)", s.Role, clause.Roles)}
		}
	}
	return nil
}

func (c CaseInfo) selected(s Selection) bool {
	if !s.Within.Has(c.ID) {
		return false
	}
	if len(s.CaseIDs) > 0 && !slices.Contains(s.CaseIDs, c.ID) {
		return false
	}
	if len(s.ClauseIDs) > 0 && !slices.ContainsFunc(s.ClauseIDs, c.Tests) {
		return false
	}
	return s.Level == 0 || s.Level == c.Level(s.Edition)
}

func (c CaseInfo) notApplicable(s Selection) string {
	for _, clause := range c.Clauses {
		if reason := s.Edition.Excludes(clause.ID); reason != "" {
			return fmt.Sprintf("edition %s: %s (%s)", s.Edition.Name, reason, clause.ID)
		}
	}
	if c.Local && s.Remote {
		return "needs the server's process and folder, an address shows only the wire"
	}
	return ""
}

// labelFilter is the Ginkgo filter that lets through just these cases.
func labelFilter(plan []Planned) string {
	var ids []string
	for _, p := range plan {
		if p.NotApplicable == "" {
			ids = append(ids, p.ID)
		}
	}
	return strings.Join(ids, " || ")
}
