package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/xferspec/xferspec/conformance/report"
)

func reportShowCommand() *cobra.Command {
	var files reportFiles
	var matrix, as string
	cmd := &cobra.Command{
		Use:   "show FILE",
		Short: "Show a report, print it or write it in other forms",
		Long: `Show the report in FILE (--json FILE of a run), print it or write it to files in
other forms, and exit with its status.`,
		Example: `  xferspec report show report.json
  xferspec report show report.json --as markdown
  xferspec report show report.json --html report.html --matrix matrix.json`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			write, err := shownAs(as, &files)
			if err != nil {
				return err
			}
			r, err := readReport(args[0])
			if err != nil {
				return err
			}
			if matrix != "" {
				if files.matrix, err = report.ReadMatrix(matrix); err != nil {
					return err
				}
			}
			return showAs(cmd.OutOrStdout(), r, files, write)
		},
	}
	files.add(cmd.Flags())
	cmd.Flags().StringVar(&as, "as", "text", "print this form of it: text, "+strings.Join(formNames(), ", ")+"")
	cmd.Flags().StringVar(&matrix, "matrix", "", "have this result of 'xferspec matrix' (its --json) in the page too")
	return cmd
}

// formNames are those of the forms, and of the picture of a badge.
func formNames() []string {
	var names []string
	for _, form := range forms {
		names = append(names, form.name)
	}
	return append(names, "svg")
}

// shownAs returns what prints a report in a form.
func shownAs(name string, files *reportFiles) (func(io.Writer, *report.Report) error, error) {
	if name == "text" {
		return report.WriteText, nil
	}
	path := ""
	wanted := name
	if name == "svg" {
		wanted, path = "badge", "badge.svg"
	}
	i := slices.IndexFunc(forms, func(f form) bool { return f.name == wanted })
	if i < 0 {
		return nil, fmt.Errorf("--as %q is no form of a report: choose one of text, %s", name, strings.Join(formNames(), ", "))
	}
	return func(w io.Writer, r *report.Report) error { return forms[i].write(files, r, path, w) }, nil
}
