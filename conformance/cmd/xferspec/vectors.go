package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/xferspec/xferspec/conformance/report"
	"github.com/xferspec/xferspec/vectors"
	"github.com/xferspec/xferspec/vectors/generate"
)

func vectorsCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "vectors",
		Short: "Verify, copy or generate the golden vectors",
		Args:  cobra.NoArgs,
		RunE:  showHelp,
	}
	cmd.AddCommand(
		&cobra.Command{
			Use:   "verify [FOLDER]",
			Short: "Run the vectors, or those of a folder, through the codec",
			Args:  cobra.MaximumNArgs(1),
			RunE:  verifyVectors,
		},
		&cobra.Command{
			Use:   "copy FOLDER",
			Short: "Write the vectors, their schemas and their README to a folder",
			Args:  cobra.ExactArgs(1),
			RunE: func(cmd *cobra.Command, args []string) error {
				n, err := vectors.Copy(args[0])
				if err != nil {
					return err
				}
				fmt.Fprintf(cmd.OutOrStdout(), "%d files written to %s; README.md there says how to use them\n", n, args[0])
				return nil
			},
		},
		&cobra.Command{
			Use:   "generate FOLDER",
			Short: "Make the vectors' data files anew, byte for byte the same",
			Args:  cobra.ExactArgs(1),
			RunE: func(_ *cobra.Command, args []string) error {
				return generate.Generate(args[0])
			},
		},
	)
	return cmd
}

func verifyVectors(cmd *cobra.Command, args []string) error {
	load := vectors.Load
	if len(args) == 1 {
		load = func() (*vectors.Set, error) { return vectors.LoadDir(args[0]) }
	}
	set, err := load()
	if err != nil {
		return err
	}
	mismatches, err := vectors.Verify(cmd.Context(), set)
	if err != nil {
		return exit(report.ExitIncomplete, err)
	}
	for _, m := range mismatches {
		fmt.Fprintln(cmd.OutOrStdout(), m)
	}
	fmt.Fprintf(cmd.OutOrStdout(), "%d vectors, %d mismatches\n", set.Count(), len(mismatches))
	switch {
	case len(mismatches) > 0:
		return &exitError{status: report.ExitNonConformant}
	case set.Count() == 0:
		return exit(report.ExitIncomplete, fmt.Errorf("no vectors: nothing was verified"))
	}
	return nil
}
