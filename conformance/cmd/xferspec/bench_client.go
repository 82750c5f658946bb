package main

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"github.com/xferspec/xferspec/conformance/bench"
	"github.com/xferspec/xferspec/harness/target"
	"github.com/xferspec/xferspec/spec"
)

func benchClientCommand() *cobra.Command {
	var f benchFlags
	cmd := &cobra.Command{
		Use:   "client {--image NAME | --build FOLDER | [--dir FOLDER] -- COMMAND ARG…}",
		Short: "Measure how fast a client is",
		Long: `Measure how fast a client is. The harness is the server, and does next to
nothing: it knows the files, and compares what comes. COMMAND is run again and
again: first as a new client, with a file of the first of the --sizes, then as a
known one with all of them.

Shown are the time of a run, what comes through in a run and while the file is on
the wire, and the processor time and the most memory of a command.

The target is given as for 'xferspec test client'.`,
		Example: `  xferspec bench client -- ./my-client
  xferspec bench client --compare reference --html speed.html --dir my-client -- ./client`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 && !f.inContainer() {
				return errors.New("name the client: --image NAME, --build FOLDER, or -- COMMAND that runs it")
			}
			ed, err := f.check(cmd)
			if err != nil {
				return err
			}
			sizes, err := parseSizes("sizes", f.sizes, ed)
			if err != nil {
				return err
			}
			if len(sizes) == 0 || len(sizes) > mostLoads {
				return errors.New("--sizes: name 1 to 100 sizes")
			}
			targets := []target.ClientConfig{{Image: f.image, Build: f.build, Dir: f.folder(args), Command: args}}
			if f.compare != "" {
				t, err := partner(f.compare, spec.Client)
				if err != nil {
					return err
				}
				targets = append(targets, target.ClientConfig{Image: t.Image, Build: t.Build, Dir: t.Dir, Command: t.Run})
			}
			return f.benchRun(cmd, len(sizes)+1, func(ctx context.Context, progress func(string)) (*bench.Result, error) {
				return bench.Client(ctx, bench.ClientConfig{
					Edition: ed, Targets: targets, Sizes: sizes,
					Duration: f.duration, Rounds: f.rounds, Repeat: f.repeat, TimeScale: f.timeScale, Progress: progress,
				})
			})
		},
	}
	f.add(cmd.Flags())
	cmd.Flags().StringSliceVar(&f.sizes, "sizes", []string{"1kB", "64kB", "1MB", "16MB", "64MB"}, "sizes of the files")
	return cmd
}
