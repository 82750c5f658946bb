package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/xferspec/xferspec/conformance/report"
	"github.com/xferspec/xferspec/harness/target"
)

// view shows a run while it goes on and when it is over.
type view struct {
	out   io.Writer
	plan  *plan
	flags testFlags
	live  bool // the terminal takes a progress line
	ended int
	all   int // cases that end; what others build on is run besides
}

func newView(cmd *cobra.Command, p *plan, f testFlags) *view {
	out := cmd.OutOrStdout()
	file, ok := out.(*os.File)
	all := 0
	for _, c := range p.cases {
		if !c.Silent {
			all++
		}
	}
	return &view{
		out: out, plan: p, flags: f, all: all,
		live: ok && term.IsTerminal(int(file.Fd())),
	}
}

// Done shows the progress line.
func (v *view) Done(c report.Case) {
	v.ended++
	if v.flags.worker {
		_ = json.NewEncoder(v.out).Encode(workerLine{Case: &c}) // a lost line is missed in the report
		return
	}
	if v.flags.failFast {
		v.plan.failFast(c, v.flags.strict)
	}
	if v.live {
		fmt.Fprintf(v.out, "\r\x1b[K[%d/%d] %s %s", v.ended, v.all, c.ID, c.Status)
	}
}

// finish shows the report, writes it where the flags say, and returns the
// exit status of the run as an error.
func (v *view) finish(r *report.Report, err error) error {
	defer v.flags.traces.remove()
	if v.live {
		fmt.Fprint(v.out, "\r\x1b[K")
	}
	if r == nil {
		return targetError(err)
	}
	if err != nil {
		r.Fault = err.Error()
	}
	if v.flags.worker {
		return exit(report.ExitFault, json.NewEncoder(v.out).Encode(workerLine{Report: r}))
	}
	v.plan.finish(r, v.flags.repeat())
	r.Shard = v.flags.shard.String()
	_ = v.plan.last.remember(r) // a cache that cannot be written is none
	files := v.flags.files
	if v.flags.traces.passing {
		files.passing = r.TakeTraces()
	}
	return show(v.out, r, files)
}

// show writes the report for people and into files, and returns its exit status
// as an error.
func show(w io.Writer, r *report.Report, files reportFiles) error {
	return showAs(w, r, files, report.WriteText)
}

// showAs is show in a form of one's choice.
func showAs(w io.Writer, r *report.Report, files reportFiles, write func(io.Writer, *report.Report) error) error {
	if err := write(w, r); err != nil {
		return exit(report.ExitFault, err)
	}
	if err := r.MoveTraces(".", files.folder()); err != nil {
		return exit(report.ExitFault, err)
	}
	if err := files.write(r); err != nil {
		return exit(report.ExitUsage, err)
	}
	if r.Fault != "" {
		return exit(report.ExitFault, errors.New(r.Fault))
	}
	if status := r.ExitStatus(); status != report.ExitConformant {
		return &exitError{status: status}
	}
	return nil
}

// targetError ends the program when the target could not be tried at all: a
// command or a folder that is not there is wrong usage, an engine that does not
// run leaves the run incomplete.
func targetError(err error) error {
	if _, known := errors.AsType[*exitError](err); known {
		return err
	}
	if _, ok := errors.AsType[*target.EngineError](err); ok {
		return exit(report.ExitIncomplete, err)
	}
	return exit(report.ExitUsage, err)
}
