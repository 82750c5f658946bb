package main

import (
	"encoding/json"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/xferspec/xferspec/conformance"
	"github.com/xferspec/xferspec/conformance/report"
	"github.com/xferspec/xferspec/spec"
)

func listCommand() *cobra.Command {
	var f listFlags
	var asJSON, clauses, coverage bool
	var acknowledge idsFlag
	var freeze string
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List the cases, or the clauses",
		Long: `List the cases with their levels and clauses, or the clauses. Every filter
narrows the list down further; where a flag takes several values, one has to fit.`,
		Example: `  xferspec list --role server --group REG
  xferspec list --case 'CLT-*' --level must --text checksum
  xferspec list --clauses --edition 2024c --json`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if len(acknowledge) > 0 {
				return conformance.AcknowledgeClauses(filepath.FromSlash(conformance.DigestsFile), spec.Clauses(), acknowledge...)
			}
			if freeze != "" {
				return freezeRequirements(freeze)
			}
			if coverage {
				return printCoverage(cmd.OutOrStdout(), f.edition, f.role)
			}
			catalogue, err := conformance.ReadCatalogue()
			if err != nil {
				return exit(report.ExitFault, err)
			}
			filter, err := f.parse(catalogue)
			if err != nil {
				return err
			}
			if clauses {
				return printList(cmd.OutOrStdout(), listClauses(catalogue, filter), asJSON, "clause")
			}
			return printList(cmd.OutOrStdout(), listCases(catalogue, filter), asJSON, "case")
		},
	}
	flags := cmd.Flags()
	flags.SortFlags = false
	f.add(flags)
	flags.BoolVar(&clauses, "clauses", false, "list clauses instead of cases")
	flags.BoolVar(&asJSON, "json", false, "as JSON")
	flags.BoolVar(&coverage, "coverage", false, "every clause with its cases; exit 1 if one has none,\nor has changed since they were looked at")
	flags.Var(&acknowledge, "acknowledge", "note in "+conformance.DigestsFile+" that the cases\nof these `CLAUSES` test what the text says now")
	flags.StringVar(&freeze, "freeze", "", "write all cases into "+conformance.RequirementsFolder+" as those of a\nnew `RELEASE`, such as 1.1")
	for _, other := range []string{"json", "clauses", "case", "clause", "group", "level", "text"} {
		cmd.MarkFlagsMutuallyExclusive(other, "coverage")
		cmd.MarkFlagsMutuallyExclusive(other, "acknowledge")
		cmd.MarkFlagsMutuallyExclusive(other, "freeze")
	}
	cmd.MarkFlagsMutuallyExclusive("coverage", "acknowledge", "freeze")
	cmd.MarkFlagsMutuallyExclusive("case", "clauses")
	return cmd
}

// listedCase is a case as `list --json` shows it. Fields may be added, never changed.
type listedCase struct {
	ID       string   `json:"id"`
	Role     string   `json:"role"`
	Level    string   `json:"level"` // in the edition asked for
	Clauses  []string `json:"clauses"`
	Group    string   `json:"group"`
	Title    string   `json:"title"`
	Local    bool     `json:"local"`    // needs the process and the folder of the target
	Editions []string `json:"editions"` // in which it applies

	Requirements []string `json:"requirements"` // sets that it is in
}

func (c listedCase) row() string {
	return fmt.Sprintf("%s\t%s\t%s\t%s", c.ID, c.Level, strings.Join(c.Clauses, " "), c.Title)
}

// listedClause is a clause as `list --clauses --json` shows it. Fields may be
// added, never changed.
type listedClause struct {
	ID       string            `json:"id"`
	Roles    []string          `json:"roles"`
	Level    string            `json:"level"` // in the edition asked for
	Group    string            `json:"group"`
	Text     string            `json:"text"`
	Line     int               `json:"line"`     // in spec/protocol.md
	Editions map[string]string `json:"editions"` // name to level, where it applies
	Cases    []string          `json:"cases"`
}

func (c listedClause) row() string {
	return fmt.Sprintf("%s\t%s\t%s\t%s", c.ID, c.Level, strings.Join(c.Roles, ", "), c.Text)
}

// freezeRequirements makes the set of a release.
func freezeRequirements(name string) error {
	catalogue, err := conformance.ReadCatalogue()
	if err != nil {
		return exit(report.ExitFault, err)
	}
	ed, err := spec.LookupEdition(spec.DefaultEdition)
	if err != nil {
		return exit(report.ExitFault, err)
	}
	return conformance.Freeze(filepath.FromSlash(conformance.RequirementsFolder), name, catalogue, ed)
}

// printList prints cases or clauses. A list of nothing is wrong usage: a slip in
// a filter should not look like an answer.
func printList[T interface{ row() string }](w io.Writer, list []T, asJSON bool, what string) error {
	if len(list) == 0 {
		return fmt.Errorf("no %s passes these filters: leave some out", what)
	}
	if asJSON {
		out := json.NewEncoder(w)
		out.SetIndent("", "  ")
		return exit(report.ExitFault, out.Encode(list))
	}
	table := tabwriter.NewWriter(w, 0, 8, 2, ' ', 0)
	for _, item := range list {
		fmt.Fprintln(table, item.row())
	}
	return exit(report.ExitFault, table.Flush())
}

func listCases(catalogue conformance.Catalogue, f *listFilter) []listedCase {
	var list []listedCase
	for _, c := range catalogue {
		if !f.passesCase(c) {
			continue
		}
		l := listedCase{ID: c.ID, Role: c.Role.String(), Level: c.Level(f.edition).String(), Group: c.Group, Title: c.Title, Local: c.Local}
		for _, clause := range c.Clauses {
			l.Clauses = append(l.Clauses, clause.ID)
		}
		for _, ed := range spec.Editions() {
			if applies(c, ed) {
				l.Editions = append(l.Editions, ed.Name)
			}
		}
		for _, set := range f.sets {
			if set.Has(c.ID) {
				l.Requirements = append(l.Requirements, set.Name)
			}
		}
		list = append(list, l)
	}
	return list
}

func listClauses(catalogue conformance.Catalogue, f *listFilter) []listedClause {
	var list []listedClause
	for _, c := range spec.Clauses() {
		if !f.passesClause(c) {
			continue
		}
		l := listedClause{
			ID: c.ID, Roles: strings.Split(c.Roles.String(), ", "), Level: f.edition.Level(c).String(),
			Group: c.Group(), Text: c.Text, Line: c.Line, Editions: map[string]string{}, Cases: []string{},
		}
		for _, ed := range spec.Editions() {
			if ed.Excludes(c.ID) == "" {
				l.Editions[ed.Name] = ed.Level(c).String()
			}
		}
		for _, role := range f.roles {
			l.Cases = append(l.Cases, catalogue.CasesOf(c.ID, role)...)
		}
		list = append(list, l)
	}
	return list
}
