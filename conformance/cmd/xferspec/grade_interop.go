package main

import (
	"fmt"
	"io"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/xferspec/xferspec/conformance/grade"
	"github.com/xferspec/xferspec/conformance/report"
)

// meet lets the clients of the class meet its servers, and returns the exit
// status that comes of it.
func (f *gradeFlags) meet(cmd *cobra.Command, run *grade.Runner, class *grade.Class, sheet *grade.Sheet) (int, error) {
	if err := f.checkIsolation(cmd.Context()); err != nil {
		return 0, err
	}
	cells := run.Cells(class, sheet)
	if len(cells) == 0 {
		return 0, exit(report.ExitIncomplete, fmt.Errorf("interop: the class has no client, or no server, that was run"))
	}
	w := cmd.OutOrStdout()
	fmt.Fprintf(w, "interop: %d meetings of a client and a server\n", len(cells))
	progress, began := newProgress(cmd, len(cells)), time.Now()
	met := grade.Met(sheet.Suite, run.Meet(cmd.Context(), cells, func(int) { progress.ended("interop") }), time.Since(began))
	progress.clear()
	path := func(name string) string { return filepath.Join(run.Out, name) }
	err := writeFiles(
		output{path("interop.json"), met.WriteJSON},
		output{path("interop.html"), func(w io.Writer) error { return report.WriteMatrixHTML(w, met, "") }},
	)
	if err != nil {
		return 0, err
	}
	fmt.Fprintf(w, "interop: %d of %d passed, %d failed, %d not run\n%s\n",
		met.Counts.Passed, met.Counts.Planned, met.Counts.Failed, met.Counts.NotRun, filepath.Join(f.out, "interop.html"))
	return met.ExitStatus(), nil
}
