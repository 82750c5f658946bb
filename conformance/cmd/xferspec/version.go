package main

import (
	"fmt"
	"runtime/debug"

	"github.com/spf13/cobra"

	"github.com/xferspec/xferspec/conformance"
	"github.com/xferspec/xferspec/conformance/report"
)

func versionCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the version, the digest of the catalogue and the sets of requirements",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			catalogue, err := conformance.ReadCatalogue()
			if err != nil {
				return exit(report.ExitFault, err)
			}
			sets, err := conformance.RequirementSets()
			if err != nil {
				return exit(report.ExitFault, err)
			}
			w := cmd.OutOrStdout()
			fmt.Fprintf(w, "xferspec     %s\ncatalogue    %s\nrequirements", version(), catalogue.Digest())
			for _, set := range sets {
				fmt.Fprintf(w, " %s (%d cases),", set.Name, len(set.Cases))
			}
			fmt.Fprintf(w, " %s (%d cases)\n", conformance.Next, len(catalogue))
			return nil
		},
	}
}

// version is that of the module, or "devel" with the commit it was built from.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "devel"
	}
	if v := info.Main.Version; v != "" && v != "(devel)" {
		return v
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			return "devel-" + s.Value[:min(12, len(s.Value))]
		}
	}
	return "devel"
}
