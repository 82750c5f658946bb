package main

import (
	"github.com/spf13/cobra"

	"github.com/xferspec/xferspec/conformance"
	"github.com/xferspec/xferspec/conformance/report"
)

func reportCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "report", Short: "Work with reports", Args: cobra.NoArgs, RunE: showHelp}
	var files reportFiles
	merge := &cobra.Command{
		Use:   "merge FILE…",
		Short: "Join the reports of the shards of one run",
		Long: `Join the reports of the shards of one run (--shard I/N --json FILE), show the
result and exit with its status.`,
		Example: "  xferspec report merge --json all.json shard-*.json",
		Args:    cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			catalogue, err := conformance.ReadCatalogue()
			if err != nil {
				return exit(report.ExitFault, err)
			}
			var shards []*report.Report
			for _, name := range args {
				shard, err := report.Read(name)
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
	files.add(merge.Flags())
	cmd.AddCommand(merge)
	return cmd
}
