package main

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/xferspec/xferspec/conformance/bench"
	"github.com/xferspec/xferspec/conformance/config"
	"github.com/xferspec/xferspec/harness/target"
	"github.com/xferspec/xferspec/spec"
)

func benchServerCommand() *cobra.Command {
	var f benchFlags
	var addr string
	var clients []int
	var each []string
	cmd := &cobra.Command{
		Use:   "server {--addr HOST:PORT | --image NAME | --build FOLDER | [--dir FOLDER] -- COMMAND ARG…}",
		Short: "Measure how fast a server is",
		Long: `Measure how fast a server is: one client that sends files of the --sizes, then
--clients at a time that send files of the sizes --each. Files up to 64 KiB have
a name each, larger ones replace each other.

Shown are the bytes and files in a second, the time from the last byte of a file
to its answer, the processor time and the most memory of a command, and the
processor time that this program takes itself.

The target is given as for 'xferspec test server'.`,
		Example: `  xferspec bench server -- ./my-server
  xferspec bench server --compare reference --html speed.html --dir my-server -- python3 main.py
  xferspec bench server --sizes 64MB --clients 256 --each 1MB --rounds 1 --addr 127.0.0.1:1256`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := f.checkServer(addr, args); err != nil {
				return err
			}
			ed, err := f.check(cmd)
			if err != nil {
				return err
			}
			loads, err := serverLoads(f.sizes, clients, each, ed)
			if err != nil {
				return err
			}
			targets := []target.ServerConfig{{Addr: addr, Image: f.image, Build: f.build, Dir: f.folder(args), Command: args}}
			if f.compare != "" {
				other, err := partner(f.compare, spec.Server)
				if err != nil {
					return err
				}
				targets = append(targets, serverTarget(other))
			}
			return f.benchRun(cmd, len(loads), func(ctx context.Context, progress func(string)) (*bench.Result, error) {
				return bench.Server(ctx, bench.ServerConfig{
					Edition: ed, Targets: targets, Loads: loads,
					Duration: f.duration, Rounds: f.rounds, Repeat: f.repeat, TimeScale: f.timeScale, Progress: progress,
				})
			})
		},
	}
	flags := cmd.Flags()
	f.add(flags)
	flags.StringVar(&addr, "addr", "", "address of a server that is running, HOST:PORT")
	flags.StringSliceVar(&f.sizes, "sizes", []string{"1kB", "64kB", "1MB", "16MB", "64MB"}, "sizes of the files that one client sends; '' for none")
	flags.IntSliceVar(&clients, "clients", []int{4, 16, 128}, "how many clients send files at a time")
	flags.StringSliceVar(&each, "each", []string{"1kB", "100kB"}, "sizes of the files that they send; '' for none")
	return cmd
}

// serverLoads are one client with files of some sizes, and then several with others.
func serverLoads(one []string, clients []int, each []string, ed *spec.Edition) (loads []bench.Load, err error) {
	if err := clientNumbers(clients); err != nil {
		return nil, err
	}
	sizes, err := parseSizes("sizes", one, ed)
	if err != nil {
		return nil, err
	}
	for _, size := range sizes {
		loads = append(loads, bench.Load{Clients: 1, Size: size})
	}
	if sizes, err = parseSizes("each", each, ed); err != nil {
		return nil, err
	}
	for _, size := range sizes {
		for _, n := range clients {
			loads = append(loads, bench.Load{Clients: n, Size: size})
		}
	}
	return loads, checkLoads(loads)
}

func serverTarget(t *config.Target) target.ServerConfig {
	return target.ServerConfig{Addr: t.Addr, Image: t.Image, Build: t.Build, Dir: t.Dir, Command: t.Run}
}
