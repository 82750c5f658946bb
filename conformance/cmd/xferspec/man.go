package main

import (
	"fmt"
	"os"

	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"

	"github.com/xferspec/xferspec/conformance/report"
)

// manCommand is for those who make packages.
func manCommand() *cobra.Command {
	return &cobra.Command{
		Use:    "man FOLDER",
		Short:  "Write a man page for every command into a folder",
		Args:   cobra.ExactArgs(1),
		Hidden: true,
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := os.MkdirAll(args[0], 0o755); err != nil { //nolint:gosec // for all users
				return fmt.Errorf("make the folder for man pages: %w", err)
			}
			root := cmd.Root()
			root.DisableAutoGenTag = true // a date would make every build another one
			err := doc.GenManTree(root, &doc.GenManHeader{Section: "1", Source: "xferspec", Manual: "xferspec"}, args[0])
			return exit(report.ExitFault, err)
		},
	}
}
