package main

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/xferspec/xferspec/conformance"
	"github.com/xferspec/xferspec/conformance/report"
	"github.com/xferspec/xferspec/spec"
)

// listed is a case as `list --json` shows it.
type listed struct {
	ID      string   `json:"id"`
	Role    string   `json:"role"`
	Level   string   `json:"level"`
	Clauses []string `json:"clauses"`
	Group   string   `json:"group"`
	Title   string   `json:"title"`
}

func listCommand() *cobra.Command {
	var edition, role string
	var asJSON, coverage bool
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List the cases with their clauses",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if coverage {
				return printCoverage(cmd.OutOrStdout(), edition, role)
			}
			cases, err := listCases(edition, role)
			if err != nil {
				return err
			}
			if asJSON {
				out := json.NewEncoder(cmd.OutOrStdout())
				out.SetIndent("", "  ")
				return exit(report.ExitFault, out.Encode(cases))
			}
			w := tabwriter.NewWriter(cmd.OutOrStdout(), 0, 8, 2, ' ', 0)
			for _, c := range cases {
				fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", c.ID, c.Level, strings.Join(c.Clauses, " "), c.Title)
			}
			return exit(report.ExitFault, w.Flush())
		},
	}
	cmd.Flags().StringVar(&edition, "edition", spec.DefaultEdition, "edition whose levels are shown")
	cmd.Flags().StringVar(&role, "role", "", "only cases for a server, or for a client")
	cmd.Flags().BoolVar(&asJSON, "json", false, "as JSON")
	cmd.Flags().BoolVar(&coverage, "coverage", false, "every clause with its cases; exit 1 if one has none")
	cmd.MarkFlagsMutuallyExclusive("json", "coverage")
	return cmd
}

func listCases(edition, role string) ([]listed, error) {
	ed, roles, err := parseListFlags(edition, role)
	if err != nil {
		return nil, err
	}
	catalogue, err := conformance.ReadCatalogue()
	if err != nil {
		return nil, exit(report.ExitFault, err)
	}
	var cases []listed
	for _, c := range catalogue {
		if !slices.Contains(roles, c.Role) {
			continue
		}
		l := listed{ID: c.ID, Role: c.Role.String(), Level: c.Level(ed).String(), Group: c.Group, Title: c.Title}
		for _, clause := range c.Clauses {
			l.Clauses = append(l.Clauses, clause.ID)
		}
		cases = append(cases, l)
	}
	return cases, nil
}

// parseListFlags returns the edition and the roles that are wanted: both if
// none is named.
func parseListFlags(edition, role string) (*spec.Edition, []spec.Role, error) {
	ed, err := spec.LookupEdition(edition)
	if err != nil {
		return nil, nil, err
	}
	switch role {
	case "":
		return ed, []spec.Role{spec.Server, spec.Client}, nil
	case spec.Server.String():
		return ed, []spec.Role{spec.Server}, nil
	case spec.Client.String():
		return ed, []spec.Role{spec.Client}, nil
	}
	return nil, nil, fmt.Errorf("role %q is neither server nor client", role)
}
