package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/xferspec/xferspec/conformance"
	"github.com/xferspec/xferspec/conformance/report"
	"github.com/xferspec/xferspec/spec"
)

func explainCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "explain ID",
		Short:   "Show the text of a clause and its cases, or a case and its clauses",
		Example: "  xferspec explain REG-6\n  xferspec explain SRV-REG-04",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			catalogue, err := conformance.ReadCatalogue()
			if err != nil {
				return exit(report.ExitFault, err)
			}
			return explain(cmd.OutOrStdout(), catalogue, strings.ToUpper(args[0]))
		},
	}
}

func explain(w io.Writer, catalogue conformance.Catalogue, id string) error {
	if clause, ok := spec.LookupClause(id); ok {
		explainClause(w, clause)
		for _, c := range catalogue {
			if c.Tests(id) {
				fmt.Fprintf(w, "\n%s  the %s %s\n", c.ID, c.Role, c.Title)
			}
		}
		return nil
	}
	for _, c := range catalogue {
		if c.ID != id {
			continue
		}
		fmt.Fprintf(w, "%s  the %s %s\n\n", c.ID, c.Role, c.Title)
		for _, clause := range c.Clauses {
			explainClause(w, clause)
		}
		fmt.Fprintf(w, "\nrun just this: xferspec test %s --case %s …\n", c.Role, c.ID)
		return nil
	}
	return &conformance.UnknownIDError{Kind: "clause or case", ID: id}
}

func explainClause(w io.Writer, c spec.Clause) {
	if c.Withdrawn != "" {
		fmt.Fprintf(w, "%s  withdrawn: %s\n", c.ID, c.Withdrawn)
		return
	}
	fmt.Fprintf(w, "%s  %s, %s (spec/protocol.md line %d)\n    %s\n", c.ID, c.Level, c.Roles, c.Line, c.Text)
}
