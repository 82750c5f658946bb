package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"golang.org/x/term"

	"github.com/xferspec/xferspec/conformance/fuzz"
	"github.com/xferspec/xferspec/conformance/report"
	"github.com/xferspec/xferspec/harness/target"
	"github.com/xferspec/xferspec/harness/trace"
	"github.com/xferspec/xferspec/spec"
)

// fuzzFlags are what `fuzz server` and `fuzz client` have in common.
type fuzzFlags struct {
	testFlags // of which only those of the target, the edition and the time scale are flags
	duration  time.Duration
	most      int
	seed      uint64
	corpus    string
	trace     string
}

func (f *fuzzFlags) add(flags *pflag.FlagSet) {
	f.addTarget(flags)
	flags.DurationVar(&f.duration, "duration", time.Minute, "how long to look; 0: until --conversations were tried")
	flags.IntVar(&f.most, "conversations", 0, "how many conversations to try; 0: until --duration is over")
	flags.Uint64Var(&f.seed, "seed", 0, "what the conversations are drawn from (default: a new one, which is printed)")
	flags.StringVar(&f.corpus, "corpus", "", "`FOLDER` with conversations to try first; what breaks a clause or brings about\nsomething new is added")
	flags.StringVar(&f.trace, "trace", "fuzz"+trace.FileExtension, "`FILE` for the recording of what broke a clause, one for each connection;\n\"\" for none")
}

func fuzzCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "fuzz",
		Short: "Look for mistakes in random conversations, and shrink what breaks a clause",
		Long: `Look for mistakes that no case was written for. Conversations are drawn at
random, most of them legal, and every answer is judged by a model of the
protocol, which knows all answers that a MUST allows. What breaks a clause is
shrunk to the shortest conversation that still does, repeated on a new instance,
and recorded.

Exit status: 0 nothing found, 1 a clause broken, 2 wrong usage, 3 the target was
out of reach or nothing was tried, 4 fault of xferspec itself.`,
		Args: cobra.NoArgs,
		RunE: showHelp,
	}
	cmd.AddCommand(fuzzServerCommand(), fuzzClientCommand())
	return cmd
}

// check reads what the flags say together.
func (f *fuzzFlags) check(cmd *cobra.Command) (*spec.Edition, error) {
	switch {
	case f.duration < 0 || f.most < 0:
		return nil, errors.New("--duration and --conversations cannot be negative")
	case f.duration == 0 && f.most == 0:
		return nil, errors.New("say how long to look: --duration D, or --conversations N")
	case f.timeScale <= 0:
		return nil, fmt.Errorf("--timeout-scale %g: a factor greater than 0 is needed", f.timeScale)
	}
	if f.most > 0 && !cmd.Flags().Changed("duration") {
		f.duration = 0
	}
	if !cmd.Flags().Changed("seed") {
		f.seed = rand.Uint64() >> 32 //nolint:gosec // to be repeated, not to be secret; short, to be typed
	}
	return spec.LookupEdition(f.edition)
}

// fuzzRun looks for mistakes and shows what comes of it.
func fuzzRun[C any](cmd *cobra.Command, f *fuzzFlags, ed *spec.Edition, who string, renew int, s fuzz.Subject[C], size func(C) int) error {
	v := &fuzzView{out: cmd.OutOrStdout(), ed: ed}
	file, ok := v.out.(*os.File)
	v.live = ok && term.IsTerminal(int(file.Fd()))
	fmt.Fprintf(v.out, "%s, edition %s, seed %d\n", who, ed.Name, f.seed)
	out, err := fuzz.Run(cmd.Context(), fuzz.Config{
		Seed: f.seed, Duration: f.duration, Most: f.most, Corpus: f.corpus, Renew: renew, Progress: v.progress,
	}, s)
	v.clear()
	if err != nil && (out == nil || out.Found == nil) {
		return fuzzError(err)
	}
	fmt.Fprintf(v.out, "%d conversations, %d requests, %d situations in %s\n", out.Conversations, out.Requests, out.Traits, out.Elapsed.Round(10*time.Millisecond))
	if out.Once > 0 {
		fmt.Fprintf(v.out, "%d times there was no answer in time, but there was when asked again: not counted\n", out.Once)
	}
	if out.Found != nil {
		v.found(out.Found, fuzzStory{
			steps: size(out.Conversation), before: out.Before, of: out.Of, again: out.Again, tries: out.Tries,
		})
		v.traces(f.trace, out.Found.Transcripts)
		fmt.Fprintf(v.out, "    repeat:   %s\n", f.repeat(cmd, out.Of))
		return &exitError{report.ExitNonConformant, err}
	}
	switch {
	case cmd.Context().Err() != nil:
		return exit(report.ExitIncomplete, errors.New("interrupted; nothing was found until then"))
	case out.Conversations == 0:
		return exit(report.ExitIncomplete, errors.New("nothing was tried: there was no time for a single conversation"))
	}
	fmt.Fprintln(v.out, "nothing found")
	return nil
}

// fuzzError ends the program when there was nothing to talk to.
func fuzzError(err error) error {
	switch {
	case isA[*target.ConfigError](err), isA[*fuzz.CorpusError](err), isA[*os.PathError](err):
		return exit(report.ExitUsage, err)
	case isA[*target.EngineError](err), isA[*target.StartError](err), isA[*fuzz.LostError](err):
		return exit(report.ExitIncomplete, err)
	case errors.Is(err, context.Canceled):
		return exit(report.ExitIncomplete, errors.New("interrupted before anything was tried"))
	}
	return exit(report.ExitFault, err)
}

func isA[E error](err error) bool {
	_, ok := errors.AsType[E](err)
	return ok
}

// repeat is the command line that tries the same again.
func (f *fuzzFlags) repeat(cmd *cobra.Command, of string) string {
	words := []string{"xferspec", "fuzz", cmd.Name()}
	cmd.Flags().Visit(func(flag *pflag.Flag) {
		switch flag.Name {
		case "seed", "duration", "conversations", "trace":
		default:
			words = append(words, "--"+flag.Name, quoteWord(flag.Value.String()))
		}
	})
	var n int
	if _, err := fmt.Sscanf(of, "conversation %d of", &n); err == nil {
		words = append(words, "--seed", fmt.Sprint(f.seed), "--conversations", fmt.Sprint(n))
	}
	if args := cmd.Flags().Args(); len(args) > 0 {
		words = append(words, "--")
		for _, arg := range args {
			words = append(words, quoteWord(arg))
		}
	}
	return strings.Join(words, " ")
}

// fuzzView shows a run.
type fuzzView struct {
	out  io.Writer
	ed   *spec.Edition
	live bool // the terminal takes a progress line
}

func (v *fuzzView) progress(s fuzz.Stats) {
	if v.live {
		fmt.Fprintf(v.out, "\r\x1b[K[%s] %d conversations, %d requests, %d situations", s.Elapsed.Round(time.Second), s.Conversations, s.Requests, s.Traits)
	}
}

func (v *fuzzView) clear() {
	if v.live {
		fmt.Fprint(v.out, "\r\x1b[K")
	}
}

// fuzzStory is what there is to say about a conversation that broke a clause.
type fuzzStory struct {
	steps        int
	before       int
	of           string
	again, tries int
}

// found tells what broke a clause.
func (v *fuzzView) found(r *fuzz.Result, s fuzzStory) {
	f := r.Finding
	fmt.Fprintf(v.out, "\nfound in %s, shrunk from %d steps to %d\n", s.of, s.before, s.steps)
	if clause, ok := spec.LookupClause(f.Clause); ok {
		fmt.Fprintf(v.out, "    %s (%s, spec/protocol.md line %d): %s\n", clause.ID, v.ed.Level(clause), clause.Line, clause.Text)
	}
	for i, line := range r.Story {
		fmt.Fprintf(v.out, "%8d  %s\n", i+1, report.PlainText(line))
	}
	if f.Sent != "" {
		fmt.Fprintf(v.out, "    sent:     %s\n", f.Sent)
	}
	fmt.Fprintf(v.out, "    expected: %s\n    actual:   %s\n", strings.Join(f.Expected, ", or "), strings.ReplaceAll(report.PlainText(f.Actual), "\n", "\n        "))
	fmt.Fprintf(v.out, "    happened: %d of %d times when repeated on a new instance\n", s.again, s.tries)
}

// targetName is the target as reports call it.
func (f *testFlags) targetName(addr string, command []string) string {
	return report.Target{Addr: addr, Dir: f.dir, Command: command, Image: f.image, Build: f.build}.String()
}

// traces keeps the recording of each connection.
func (v *fuzzView) traces(path string, transcripts []*trace.Transcript) {
	if path == "" || len(transcripts) == 0 {
		return
	}
	paths, err := trace.WriteFiles(path, transcripts)
	if err != nil {
		fmt.Fprintf(v.out, "    trace:    not written: %v\n", err)
		return
	}
	fmt.Fprintf(v.out, "    trace:    %s (xferspec decode, xferspec replay)\n", strings.Join(paths, " "))
}
