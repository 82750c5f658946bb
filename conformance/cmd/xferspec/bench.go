package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/xferspec/xferspec/conformance/bench"
	"github.com/xferspec/xferspec/conformance/config"
	"github.com/xferspec/xferspec/conformance/report"
	"github.com/xferspec/xferspec/harness/target"
	"github.com/xferspec/xferspec/spec"
)

// What bounds a measurement.
const (
	mostClients  = 512
	mostSize     = 64 << 20 // bytes of a file
	mostPrepared = 1 << 30  // bytes of all files that are sent at a time: they are encrypted beforehand
	mostLoads    = 100
	mostDuration = 10 * time.Minute
	mostRounds   = 100_000
	mostRepeats  = 100
)

// comparedRepeats is how often two targets are measured where nothing else is said.
const comparedRepeats = 4

// benchFlags are what `bench server` and `bench client` have in common.
type benchFlags struct {
	testFlags // of which only those of the target, the edition and the time scale are flags
	sizes     []string
	duration  time.Duration
	rounds    int
	repeat    int
	compare   string
	json      string
	html      string
}

func (f *benchFlags) add(flags *pflag.FlagSet) {
	f.addTarget(flags)
	flags.DurationVar(&f.duration, "duration", time.Second, "how long each measurement lasts, at least")
	flags.IntVar(&f.rounds, "rounds", 0, "how many files each client sends instead, whatever time it takes")
	flags.IntVar(&f.repeat, "repeat", 1, fmt.Sprintf("how often each load is measured (with --compare: %d)", comparedRepeats))
	flags.StringVar(&f.compare, "compare", "", "measure another `TARGET` in turn with the first, and show the ratios:\nreference, HOST:PORT, an xferspec.yaml, or a command in quotes")
	flags.StringVar(&f.json, "json", "", "write the result to this file")
	flags.StringVar(&f.html, "html", "", "write the result to this file as a page with charts")
}

func benchCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "bench",
		Short: "Measure how fast a server or a client is, alone or beside another one",
		Long: `Measure how fast a server or a client is, and what it takes for that. Every
answer is checked; what is wrong is counted and named.

Exit status: 0 measured and nothing went wrong, 1 something went wrong under
load, 2 wrong usage, 3 the target was out of reach, does not take a single
client, or the run was interrupted, 4 fault of xferspec itself.`,
		Args: cobra.NoArgs,
		RunE: showHelp,
	}
	cmd.AddCommand(benchServerCommand(), benchClientCommand())
	return cmd
}

// check reads what the flags say together.
func (f *benchFlags) check(cmd *cobra.Command) (*spec.Edition, error) {
	if f.compare != "" && !cmd.Flags().Changed("repeat") {
		f.repeat = comparedRepeats
	}
	switch {
	case f.timeScale <= 0:
		return nil, fmt.Errorf("--timeout-scale %g: a factor greater than 0 is needed", f.timeScale)
	case f.duration < 0 || f.duration > mostDuration:
		return nil, fmt.Errorf("--duration %s: at most %s", f.duration, mostDuration)
	case f.rounds < 0 || f.rounds > mostRounds:
		return nil, fmt.Errorf("--rounds %d: at most %d", f.rounds, mostRounds)
	case f.repeat < 1 || f.repeat > mostRepeats:
		return nil, fmt.Errorf("--repeat %d: 1 to %d", f.repeat, mostRepeats)
	}
	return spec.LookupEdition(f.edition)
}

// parseSizes reads sizes of files.
func parseSizes(flag string, texts []string, ed *spec.Edition) (sizes []int64, err error) {
	most := min(mostSize, bench.LargestFile(ed))
	for _, text := range texts {
		size, err := config.ParseSize(strings.TrimSpace(text))
		if err != nil {
			return nil, fmt.Errorf("--%s: %w", flag, err)
		}
		if size < 1 || int64(size) > most {
			return nil, fmt.Errorf("--%s %s: 1 byte to %d bytes, which is the most that is measured of edition %s", flag, text, most, ed.Name)
		}
		sizes = append(sizes, int64(size))
	}
	return sizes, nil
}

// benchRun measures and shows what comes of it.
func (f *benchFlags) benchRun(cmd *cobra.Command, loads int, measure func(ctx context.Context, progress func(string)) (*bench.Result, error)) error {
	if err := createFiles(f.json, f.html); err != nil {
		return err
	}
	p := newProgress(cmd, loads)
	r, err := measure(cmd.Context(), p.ended)
	p.clear()
	if r == nil {
		return benchError(cmd.Context(), err)
	}
	r.Suite = report.Suite{Version: version()}
	out := cmd.OutOrStdout()
	fmt.Fprintf(out, "edition %s, %s/%s with %d processors, in %s\n", r.Edition, r.Machine.OS, r.Machine.Arch, r.Machine.CPUs,
		(time.Duration(r.DurationMs) * time.Millisecond).Round(100*time.Millisecond))
	err = errors.Join(err, r.WriteText(out), writeFiles(
		output{f.json, r.WriteJSON},
		output{f.html, func(w io.Writer) error { return r.WriteHTML(w) }},
	))
	switch {
	case err != nil:
		return exit(report.ExitFault, err)
	case cmd.Context().Err() != nil:
		return exit(report.ExitIncomplete, errors.New("interrupted"))
	case r.Failed() > 0 || r.Reason != "":
		return &exitError{status: report.ExitNonConformant}
	case r.Files() == 0:
		return exit(report.ExitIncomplete, errors.New("nothing was measured"))
	}
	return nil
}

// benchError ends the program when there was nothing to measure.
func benchError(ctx context.Context, err error) error {
	switch {
	case ctx.Err() != nil:
		return exit(report.ExitIncomplete, errors.New("interrupted before anything was measured"))
	case isA[*target.ConfigError](err), isA[*os.PathError](err):
		return exit(report.ExitUsage, err)
	case isA[*target.EngineError](err), isA[*target.StartError](err), isA[*bench.UnusableError](err):
		return exit(report.ExitIncomplete, err)
	}
	return exit(report.ExitFault, err)
}

// clientNumbers checks numbers of clients.
func clientNumbers(numbers []int) error {
	for _, n := range numbers {
		if n < 1 || n > mostClients {
			return fmt.Errorf("--clients %d: 1 to %d", n, mostClients)
		}
	}
	return nil
}

// checkLoads bounds what is measured.
func checkLoads(loads []bench.Load) error {
	if len(loads) == 0 || len(loads) > mostLoads {
		return fmt.Errorf("--sizes, --clients and --each make %d loads: 1 to %d can be measured", len(loads), mostLoads)
	}
	for _, load := range loads {
		if int64(load.Clients) > math.MaxInt64/load.Size || int64(load.Clients)*load.Size > mostPrepared {
			return fmt.Errorf("%s each is more than can be prepared: at most %s in all", load, report.SizeText(mostPrepared))
		}
	}
	return nil
}
