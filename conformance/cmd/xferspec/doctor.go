package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/xferspec/xferspec/conformance/config"
	"github.com/xferspec/xferspec/conformance/project"
	"github.com/xferspec/xferspec/conformance/report"
)

func doctorCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "doctor [FOLDER]",
		Short: "Say what is missing to test what is in a folder, and how to get it",
		Long: `Say for all that a folder's xferspec.yaml needs whether this machine has it, and
how to get it if not: interpreter and modules, compiler and libraries, container
engine and image, a free port. Exit 0 if all is there, else 3.`,
		Example: "  xferspec doctor\n  xferspec doctor my-server",
		Args:    cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return inFolder(append(args, ".")[0], func() error {
				findings, err := diagnose(cmd.Context())
				if err != nil {
					return err
				}
				return prescribe(cmd.OutOrStdout(), findings)
			})
		},
	}
}

// diagnose looks at this folder and its xferspec.yaml; without one, at what
// 'xferspec init' would write.
func diagnose(ctx context.Context) ([]project.Finding, error) {
	machine := project.This(".")
	p, err := project.Look(ctx, os.DirFS("."), project.Onlooker("."))
	if err != nil {
		return nil, fmt.Errorf("look at this folder: %w", err)
	}
	file, err := config.Read(config.Name)
	switch {
	case errors.Is(err, fs.ErrNotExist) && p.Server == nil && p.Client == nil:
		return []project.Finding{{What: config.Name, Detail: "there is none, and nothing here looks like a server or a client: go to the folder of the implementation"}}, nil
	case errors.Is(err, fs.ErrNotExist):
		file = &config.File{}
		if p.Server != nil {
			file.Server = &p.Server.Target
		}
		if p.Client != nil {
			file.Client = &p.Client.Target
		}
		missing := project.Finding{What: config.Name, Detail: "there is none: xferspec init writes it"}
		return append([]project.Finding{missing}, project.Check(ctx, file, p, machine)...), nil
	case err != nil:
		return []project.Finding{{What: config.Name, Detail: err.Error()}}, nil //nolint:nilerr // it is what was found
	}
	good := project.Finding{What: config.Name, OK: true, Detail: "is valid"}
	return append([]project.Finding{good}, project.Check(ctx, file, p, machine)...), nil
}

// prescribe prints a line for each finding, and returns the exit status as an error.
func prescribe(w io.Writer, findings []project.Finding) error {
	table := tabwriter.NewWriter(w, 0, 8, 2, ' ', 0)
	missing := 0
	for _, f := range findings {
		word := "ok"
		if !f.OK {
			word = "missing"
			missing++
		}
		fmt.Fprintf(table, "%s\t%s\t%s\n", word, f.What, f.Detail)
	}
	if err := table.Flush(); err != nil {
		return exit(report.ExitFault, err)
	}
	if missing > 0 {
		fmt.Fprintf(w, "\n%d missing; xferspec doctor looks again\n", missing)
		return &exitError{status: report.ExitIncomplete}
	}
	fmt.Fprintf(w, "\nnothing is missing that this folder is known to need; next: xferspec test\n")
	return nil
}
