package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/xferspec/xferspec/conformance"
	"github.com/xferspec/xferspec/conformance/report"
	"github.com/xferspec/xferspec/spec"
)

// noCase stands in the coverage list where a clause's cases should be.
const noCase = "no case"

// printCoverage prints a line for every clause that binds a role, with its
// cases: both roles, or the one that is named. A clause without a case, or one that
// is not what it was when its cases were last looked at, ends the program with
// status 1.
func printCoverage(w io.Writer, edition, role string) error {
	ed, roles, err := parseListFlags(edition, role)
	if err != nil {
		return err
	}
	catalogue, err := conformance.ReadCatalogue()
	if err != nil {
		return exit(report.ExitFault, err)
	}
	digests, err := conformance.AcknowledgedDigests()
	if err != nil {
		return exit(report.ExitFault, err)
	}
	return errors.Join(coverage(w, catalogue, ed, roles), unacknowledged(catalogue, digests.Stale(spec.Clauses()), roles))
}

// unacknowledged names the clauses whose cases have to be looked at again, a line
// for each.
func unacknowledged(catalogue conformance.Catalogue, stale []conformance.Stale, roles []spec.Role) error {
	var lines, ids []string
	for _, s := range stale {
		var cases []string
		for _, role := range roles {
			cases = append(cases, catalogue.CasesOf(s.ID, role)...)
		}
		if clause, ok := spec.LookupClause(s.ID); ok && clause.Withdrawn == "" && len(cases) == 0 {
			continue // it binds the other role, or has no case, which is said by itself
		}
		ids = append(ids, s.ID)
		lines = append(lines, fmt.Sprintf("%s %s since its cases were looked at: %s", s.ID, s.What, cmp.Or(strings.Join(cases, " "), noCase)))
	}
	if len(lines) == 0 {
		return nil
	}
	lines = append(lines, "see whether they still test what the text says, and then, in a clone: go run ./conformance/cmd/xferspec list --acknowledge "+strings.Join(ids, ","))
	return exit(report.ExitNonConformant, errors.New(strings.Join(lines, "\n          ")))
}

func coverage(w io.Writer, catalogue conformance.Catalogue, ed *spec.Edition, roles []spec.Role) error {
	table := tabwriter.NewWriter(w, 0, 8, 2, ' ', 0)
	var bare []string
	for _, role := range roles {
		for _, clause := range spec.Clauses() {
			if clause.Withdrawn != "" || !clause.Roles.Has(role) {
				continue
			}
			cases := catalogue.CasesOf(clause.ID, role)
			if len(cases) == 0 {
				bare = append(bare, fmt.Sprintf("%s (%s)", clause.ID, role))
			}
			ids := cmp.Or(strings.Join(cases, " "), noCase)
			fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", clause.ID, role, ed.Level(clause), ids)
		}
	}
	if err := table.Flush(); err != nil {
		return exit(report.ExitFault, err)
	}
	if len(bare) > 0 {
		return exit(report.ExitNonConformant, errors.New("clauses without a case: "+strings.Join(bare, ", ")))
	}
	return nil
}
