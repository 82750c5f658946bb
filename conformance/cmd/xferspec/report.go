package main

import (
	"fmt"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/xferspec/xferspec/conformance"
	"github.com/xferspec/xferspec/conformance/report"
)

func reportCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "report", Short: "Work with reports", Args: cobra.NoArgs, RunE: showHelp}
	cmd.AddCommand(reportShowCommand(), reportMergeCommand(), reportDiffCommand(), reportVerifyCommand(), reportSchemaCommand())
	return cmd
}

func reportMergeCommand() *cobra.Command {
	var files reportFiles
	cmd := &cobra.Command{
		Use:   "merge FILE…",
		Short: "Join the reports of the shards of one run",
		Long: `Join the reports of the shards of one run (--shard I/N --json FILE), show the
result and exit with its status. It is incomplete as long as one is missing.`,
		Example: "  xferspec report merge --json all.json shard-*.json",
		Args:    cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			catalogue, err := conformance.ReadCatalogue()
			if err != nil {
				return exit(report.ExitFault, err)
			}
			var shards []*report.Report
			for _, name := range args {
				shard, err := readReport(name)
				if err != nil {
					return err
				}
				shards = append(shards, shard)
			}
			merged, err := report.Merge(catalogue.IDs(), shards...)
			if err != nil {
				return err
			}
			return show(cmd.OutOrStdout(), merged, files)
		},
	}
	files.add(cmd.Flags())
	return cmd
}

// readReport reads a report and lets the paths of its traces begin here.
func readReport(path string) (*report.Report, error) {
	r, err := report.Read(path)
	if err != nil {
		return nil, err
	}
	return r, r.MoveTraces(filepath.Dir(path), ".")
}

func reportSchemaCommand() *cobra.Command {
	return &cobra.Command{
		Use:       "schema [report|matrix]",
		Short:     "Print the JSON Schema of reports, or of interop matrices",
		Args:      cobra.MatchAll(cobra.MaximumNArgs(1), cobra.OnlyValidArgs),
		ValidArgs: []string{"report", "matrix"},
		RunE: func(cmd *cobra.Command, args []string) error {
			of := append(args, "report")[0]
			text, ok := report.JSONSchema(of)
			if !ok {
				return exit(report.ExitFault, fmt.Errorf("there is no schema of a %s", of))
			}
			_, err := cmd.OutOrStdout().Write(text)
			return err
		},
	}
}
