package main

import (
	"fmt"
	"os"
	"runtime"
	"slices"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/xferspec/xferspec/conformance"
	"github.com/xferspec/xferspec/conformance/config"
	"github.com/xferspec/xferspec/conformance/report"
	"github.com/xferspec/xferspec/spec"
)

// testFlags are what `test server` and `test client` have in common.
type testFlags struct {
	edition, level, dir, image, build string
	cases, clauses                    idsFlag
	strict, failFast, lastFailed      bool
	requirements                      string
	jobs                              int
	timeScale                         float64
	known                             string
	files                             reportFiles
	traces                            tracesFlag
	shard                             shard
	worker                            bool
	box                               boxFlag
	repeatAs                          string
	undigested                        bool
	compile                           compileFlag
}

func (f *testFlags) add(flags *pflag.FlagSet) {
	f.addTarget(flags)
	f.addRun(flags)
}

// addRun adds the flags that say which cases are run, how, and what is kept.
func (f *testFlags) addRun(flags *pflag.FlagSet) {
	flags.Var(&f.cases, "case", "run only these cases")
	flags.Var(&f.clauses, "clause", "run only the cases for these clauses")
	flags.StringVar(&f.level, "level", "", "run only cases of this level: must or should")
	flags.StringVar(&f.requirements, "requirements", conformance.Next, "run only the cases of this release, such as 1.0; next has all")
	flags.BoolVar(&f.lastFailed, "last-failed", false, "run only the cases that did not pass the last time, all if there are none")
	flags.BoolVar(&f.failFast, "fail-fast", false, "start no case after the first that makes the target non-conformant")
	flags.BoolVar(&f.strict, "strict", false, "count a broken SHOULD as a failure")
	flags.IntVar(&f.jobs, "jobs", runtime.NumCPU(), "how many instances of the target may run at a time")
	flags.Var(&f.shard, "shard", "run only every Nth case, from the Ith on: `I/N`;\n'xferspec report merge' joins the reports")
	flags.StringVar(&f.known, "known-failures", "", "YAML file with cases that are known to fail")
	f.files.add(flags)
	f.traces.add(flags)
	flags.BoolVar(&f.worker, "worker", false, "")
	flags.Var(&f.box, "box", "")
	flags.Var(&f.compile, "compile", "")
	flags.StringVar(&f.repeatAs, "repeat", "", "")
	flags.BoolVar(&f.undigested, "undigested", false, "")
	for _, name := range []string{"worker", "box", "compile", "repeat", "undigested"} {
		_ = flags.MarkHidden(name) // it is there
	}
}

// addTarget adds the flags that say what is tested.
func (f *testFlags) addTarget(flags *pflag.FlagSet) {
	flags.StringVar(&f.dir, "dir", "", "folder with the implementation; COMMAND runs in a copy of it\n(default: this folder if COMMAND names a file in it, else an empty one)")
	flags.StringVar(&f.image, "image", "", "container image with the implementation, that the engine has")
	flags.StringVar(&f.build, "build", "", "folder with a Dockerfile, from which the image is built")
	f.addProtocol(flags)
}

// addProtocol adds the flags that say what is expected of any target.
func (f *testFlags) addProtocol(flags *pflag.FlagSet) {
	flags.StringVar(&f.edition, "edition", spec.DefaultEdition, "edition of the protocol, see 'xferspec editions'")
	flags.Float64Var(&f.timeScale, "timeout-scale", 1, "stretch every time limit by this factor")
}

func testCommand() *cobra.Command {
	var c configured
	cmd := &cobra.Command{
		Use:   "test",
		Short: "Test a server or a client",
		Long: `Test a server or a client. Without more words, test what xferspec.yaml in this
folder names ('xferspec init' writes it): the server, then the client. Flags say
more than the file, or something else. Where both are tested, each has a report
of its own: --html report.html writes report-server.html and report-client.html.

--watch tests again whenever a file here changes, and then first what did not
pass. What did not pass is remembered in the user's cache folder.`,
		Example: `  xferspec test
  xferspec test --html report.html --fail-fast
  xferspec test --watch`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if c.watch {
				return watchConfigured(cmd, &c.testFlags)
			}
			return c.run(cmd)
		},
	}
	cmd.Flags().BoolVar(&c.watch, "watch", false, "test again whenever a file changes, until Ctrl-C")
	c.addProtocol(cmd.Flags())
	c.addRun(cmd.Flags())
	cmd.AddCommand(testServerCommand(), testClientCommand())
	return cmd
}

// plan is what was selected, and how it is to be judged.
type plan struct {
	role    spec.Role
	edition *spec.Edition
	digest  string   // of the catalogue
	target  string   // digest of what is tested; "" if that is out of reach
	tool    string   // digest of this program
	order   []string // the ids of the whole catalogue
	cases   []conformance.Planned
	known   []report.Known
	within  *conformance.Requirements
	last    *last
	note    string // on the selection; may be ""
	today   time.Time
	brake   *brake

	evidence *conformance.Evidence // nil if no conversation is kept
}

// plan reads the flags. Its errors are wrong usage, if they do not say otherwise.
func (f *testFlags) plan(role spec.Role, addr string, command []string) (*plan, error) {
	switch {
	case f.timeScale <= 0:
		return nil, fmt.Errorf("--timeout-scale %g: a factor greater than 0 is needed", f.timeScale)
	case f.jobs < 1:
		return nil, fmt.Errorf("--jobs %d: at least 1 is needed", f.jobs)
	}
	if err := f.files.create(); err != nil {
		return nil, err
	}
	level, err := parseLevel(f.level)
	if err != nil {
		return nil, err
	}
	p := &plan{role: role, today: time.Now(), brake: newBrake()}
	if f.worker && f.failFast {
		p.brake.obey(os.Stdin)
	}
	if err := f.digests(p, command); err != nil {
		return nil, err
	}
	if p.edition, err = spec.LookupEdition(f.edition); err != nil {
		return nil, err
	}
	catalogue, err := conformance.ReadCatalogue()
	if err != nil {
		return nil, exit(report.ExitFault, err)
	}
	if p.within, err = conformance.LookupRequirements(f.requirements); err != nil {
		return nil, err
	}
	p.digest = catalogue.Digest()
	p.order = catalogue.IDs()
	if p.known, err = f.knownFailures(catalogue); err != nil {
		return nil, err
	}
	selection := conformance.Selection{
		Role: role, Edition: p.edition, CaseIDs: f.cases, ClauseIDs: f.clauses, Level: level, Within: p.within, Remote: addr != "",
	}
	p.cases, err = catalogue.Plan(selection)
	if err != nil {
		return nil, err
	}
	p.cases = f.shard.of(p.cases)
	p.last = recall(role.String(), p.edition.Name, config.Target{Addr: addr, Dir: f.dir, Image: f.image, Build: f.build, Run: command})
	if f.lastFailed {
		p.cases, p.note = p.last.selectFrom(p.cases)
	}
	p.cases = catalogue.WithBasics(p.cases, selection)
	p.evidence, err = f.evidence(p.edition)
	return p, err
}

// digests tells what is tested and by what, before either can change.
func (f *testFlags) digests(p *plan, command []string) error {
	if f.worker || f.undigested {
		return nil // whoever started this one knows
	}
	var err error
	if p.target, err = f.targetDigest(command); err != nil {
		return err
	}
	p.tool, err = toolDigest()
	return exit(report.ExitFault, err)
}

// knownFailures reads the list of known failures and looks the cases up.
func (f *testFlags) knownFailures(catalogue conformance.Catalogue) ([]report.Known, error) {
	if f.known == "" {
		return nil, nil
	}
	known, err := config.ReadKnownFailures(f.known)
	if err != nil {
		return nil, err
	}
	for _, k := range known {
		if !slices.Contains(catalogue.IDs(), k.Case) {
			return nil, fmt.Errorf("%s: %w", f.known, catalogue.UnknownCase(k.Case))
		}
	}
	return known, nil
}

// finish makes the report complete.
func (p *plan) finish(r *report.Report, command func(caseID string) string) {
	r.Suite = report.Suite{Version: version(), Catalogue: p.digest, Tool: p.tool}
	r.Target.Digest = p.target
	for i := range r.Cases {
		r.Cases[i].Repeat = command(r.Cases[i].ID)
	}
	r.Suite.Requirements = p.within.Name
	if p.note != "" {
		r.Notes = append(r.Notes, p.note)
	}
	r.Excuse(p.known, p.today)
}
