package main

import (
	"github.com/spf13/cobra"

	"github.com/xferspec/xferspec/conformance/report"
)

func reportDiffCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "diff OLD NEW",
		Short: "Show what got better and worse from one report to another",
		Long: `Show what got better and worse from one report to another, and which cases are
new or gone.

Exit status: 0 nothing got worse, 1 something did: a case, the verdict, or cases
of the same catalogue that were judged before are gone.`,
		Example: "  xferspec report diff main.json branch.json",
		Args:    cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			old, err := report.Read(args[0])
			if err != nil {
				return err
			}
			now, err := report.Read(args[1])
			if err != nil {
				return err
			}
			diff, err := report.Compare(old, now)
			if err != nil {
				return err
			}
			if err := diff.WriteText(cmd.OutOrStdout()); err != nil {
				return exit(report.ExitFault, err)
			}
			if diff.IsWorse() {
				return &exitError{status: report.ExitNonConformant}
			}
			return nil
		},
	}
}
