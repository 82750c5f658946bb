package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/xferspec/xferspec/conformance/report"
)

func reportVerifyCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "verify FILE…",
		Short: "Check that reports were not edited",
		Long: `Check that the counts, the verdict and the digest of each report come from its
content. This finds what was edited by hand or damaged; it is no signature: who
wants to can make a new digest.

Exit status: 0 they agree, 1 something in one of them does not.`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			for _, path := range args {
				r, err := report.Read(path)
				if edited, ok := errors.AsType[*report.EditedError](err); ok {
					return exit(report.ExitNonConformant, edited)
				}
				if err != nil {
					return err
				}
				fmt.Fprintf(cmd.OutOrStdout(), "%s: %s, %d cases, %s\n", path, r.Verdict, r.Counts.Planned, r.Digest)
			}
			return nil
		},
	}
}
