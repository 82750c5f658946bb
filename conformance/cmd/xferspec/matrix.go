package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"github.com/xferspec/xferspec/conformance"
	"github.com/xferspec/xferspec/conformance/config"
	"github.com/xferspec/xferspec/conformance/internal/ending"
	"github.com/xferspec/xferspec/conformance/interop"
	"github.com/xferspec/xferspec/conformance/report"
)

// matrixFlags say how a matrix is run and where its result goes.
type matrixFlags struct {
	jobs                         int
	json, markdown, html, traces string
	cell                         string // what a child process is to do, as JSON
}

func matrixCommand() *cobra.Command {
	var f matrixFlags
	cmd := &cobra.Command{
		Use:   "matrix FILE",
		Short: "Let every client work with every server, on every file, through every fault",
		Long: `Let every client in FILE bring every file to every server, through every fault
plan. Each of these cells has a server, a client and a process of its own, and a
time limit. What answers nothing has failed; not run is only what this machine
lacks.

FILE is YAML:

  servers:
    - {name: mine, dir: server, run: [python3, main.py]}
    - {name: reference, run: [xfer-server]}
  clients:
    - {name: mine, build: client}
  files: [0, 1, 1023, 1024, 1 MB]
  plans:
    - {name: no faults}
    - {name: one packet damaged, file: one-packet.yaml}`,
		Example: "  xferspec matrix matrix.yaml --jobs 4 --html matrix.html --traces captured",
		Args: func(cmd *cobra.Command, args []string) error {
			if f.cell != "" {
				return cobra.NoArgs(cmd, args)
			}
			return cobra.ExactArgs(1)(cmd, args)
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if f.cell != "" {
				return runCell(cmd, f.cell)
			}
			return f.run(cmd, args[0])
		},
	}
	flags := cmd.Flags()
	flags.IntVar(&f.jobs, "jobs", runtime.NumCPU(), "how many cells may run at a time")
	flags.StringVar(&f.json, "json", "", "write the result to this file")
	flags.StringVar(&f.markdown, "markdown", "", "write the result to this file as Markdown, as for a job summary")
	flags.StringVar(&f.html, "html", "", "write the result to this file as a page")
	flags.StringVar(&f.traces, "traces", "", "folder for the recorded conversations")
	flags.StringVar(&f.cell, "cell", "", "")
	_ = flags.MarkHidden("cell") // the flag is there
	return cmd
}

func (f *matrixFlags) run(cmd *cobra.Command, path string) error {
	if f.jobs < 1 {
		return fmt.Errorf("--jobs %d: at least 1 is needed", f.jobs)
	}
	file, err := config.ReadMatrix(path)
	if err != nil {
		return err
	}
	if err := createFiles(f.json, f.markdown, f.html); err != nil {
		return err
	}
	if f.traces != "" {
		if err := os.MkdirAll(f.traces, 0o700); err != nil {
			return err
		}
	}
	catalogue, err := conformance.ReadCatalogue()
	if err != nil {
		return exit(report.ExitFault, err)
	}
	tool, err := toolDigest()
	if err != nil {
		return exit(report.ExitFault, err)
	}
	began := time.Now()
	m := &report.Matrix{
		Suite: report.Suite{Version: version(), Catalogue: catalogue.Digest(), Tool: tool},
		Cells: f.runCells(cmd.Context(), interop.Cells(file, f.traces)),
	}
	m.DurationMs = time.Since(began).Milliseconds()
	m.Finish()
	return f.show(cmd.OutOrStdout(), m)
}

// show writes all views of the matrix and returns its exit status as an error.
func (f *matrixFlags) show(w io.Writer, m *report.Matrix) error {
	if err := report.WriteMatrixText(w, m); err != nil {
		return exit(report.ExitFault, err)
	}
	err := writeFiles(
		output{f.json, m.WriteJSON},
		output{f.markdown, func(w io.Writer) error { return report.WriteMatrixMarkdown(w, m) }},
		output{f.html, func(w io.Writer) error { return report.WriteMatrixHTML(w, m, "") }},
	)
	if err != nil {
		return err
	}
	if status := m.ExitStatus(); status != report.ExitConformant {
		return &exitError{status: status}
	}
	return nil
}

// runCells runs the cells, some at a time, and returns what became of them in
// their order.
func (f *matrixFlags) runCells(ctx context.Context, cells []interop.Cell) []report.Cell {
	outcomes := make([]report.Cell, len(cells))
	slots := make(chan struct{}, f.jobs)
	var running sync.WaitGroup
	for i, cell := range cells {
		running.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			if ctx.Err() != nil {
				outcomes[i] = cell.Outcome(report.NotRun, "interrupted")
				return
			}
			outcomes[i] = spawnCell(ctx, cell)
		})
	}
	running.Wait()
	return outcomes
}

// cellGrace is how much longer than its cell a child process may live, to clean up.
const cellGrace = 20 * time.Second

// spawnCell runs a cell in a process of its own, which takes with it whatever
// goes wrong there.
func spawnCell(ctx context.Context, cell interop.Cell) report.Cell {
	failed := func(err error) report.Cell {
		return cell.Outcome(report.NotRun, "the process of this cell failed: "+err.Error())
	}
	self, err := os.Executable()
	if err != nil {
		return failed(err)
	}
	what, err := json.Marshal(cell)
	if err != nil {
		return failed(err)
	}
	ctx, cancel := context.WithTimeout(ctx, cell.Limit+cellGrace)
	defer cancel()
	cmd := exec.CommandContext(ctx, self, "matrix", "--cell", string(what))
	ending.InOrder(cmd, cellGrace)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	output, err := cmd.Output()
	var outcome report.Cell
	if decodeErr := json.Unmarshal(output, &outcome); decodeErr != nil {
		return failed(errors.Join(err, errors.New(strings.TrimSpace(stderr.String()))))
	}
	return outcome
}

// runCell is what the process of a cell does.
func runCell(cmd *cobra.Command, what string) error {
	var cell interop.Cell
	if err := json.Unmarshal([]byte(what), &cell); err != nil {
		return fmt.Errorf("--cell: %w", err)
	}
	return exit(report.ExitFault, json.NewEncoder(cmd.OutOrStdout()).Encode(cell.Run(cmd.Context())))
}
