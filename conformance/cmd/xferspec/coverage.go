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
// cases: both roles, or the one that is named. A clause without a case ends the
// program with status 1.
func printCoverage(w io.Writer, edition, role string) error {
	ed, roles, err := parseListFlags(edition, role)
	if err != nil {
		return err
	}
	catalogue, err := conformance.ReadCatalogue()
	if err != nil {
		return exit(report.ExitFault, err)
	}
	return coverage(w, catalogue, ed, roles)
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
