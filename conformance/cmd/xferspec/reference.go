package main

import (
	"context"
	"io"

	"github.com/spf13/cobra"

	"github.com/xferspec/xferspec/conformance/report"
	"github.com/xferspec/xferspec/reference/client"
	"github.com/xferspec/xferspec/reference/server"
)

// program is a whole program, from its arguments to its exit status.
type program func(ctx context.Context, args []string, stdout, stderr io.Writer) int

// referenceCommand carries the reference implementations, so that the demo
// can start them as programs without anything else being installed.
func referenceCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "reference", Short: "Run the reference server or client", Hidden: true, Args: cobra.NoArgs, RunE: showHelp}
	for name, main := range map[string]program{"server": server.Main, "client": client.Main} {
		cmd.AddCommand(&cobra.Command{
			Use:                name,
			DisableFlagParsing: true,
			RunE: func(cmd *cobra.Command, args []string) error {
				if status := main(cmd.Context(), args, cmd.OutOrStdout(), cmd.ErrOrStderr()); status != report.ExitConformant {
					return &exitError{status: status}
				}
				return nil
			},
		})
	}
	return cmd
}
