package main

import (
	"fmt"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/xferspec/xferspec/conformance/report"
	"github.com/xferspec/xferspec/spec"
)

func editionsCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "editions",
		Short: "List the editions of the protocol",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			w := tabwriter.NewWriter(cmd.OutOrStdout(), 0, 8, 2, ' ', 0)
			fmt.Fprintln(w, "EDITION\tREGISTER\tREGISTERED\tAES\tPACKETS\tLOGIN\tPORT\tDATABASE")
			for _, e := range spec.Editions() {
				register, _ := e.Code(spec.TypeRegister)
				registered, _ := e.Code(spec.TypeRegistered)
				fmt.Fprintf(w, "%s\t%d\t%d\t%d\t%s\t%s\t%d\t%s\n", e.Name, register, registered, e.AESBits,
					yesNo(e.PacketFields), yesNo(e.Has(spec.TypeLogin)), e.DefaultPort, e.Database)
			}
			return exit(report.ExitFault, w.Flush())
		},
	}
}

func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}
