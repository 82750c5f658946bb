package main

import (
	"encoding/json"
	"fmt"
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
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List the cases with their clauses",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
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
	return cmd
}

func listCases(edition, role string) ([]listed, error) {
	ed, err := spec.LookupEdition(edition)
	if err != nil {
		return nil, err
	}
	if role != "" && role != spec.Server.String() && role != spec.Client.String() {
		return nil, fmt.Errorf("role %q is neither server nor client", role)
	}
	catalogue, err := conformance.ReadCatalogue()
	if err != nil {
		return nil, exit(report.ExitFault, err)
	}
	var cases []listed
	for _, c := range catalogue {
		if role != "" && c.Role.String() != role {
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
