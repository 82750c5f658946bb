package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/spf13/cobra"

	"github.com/xferspec/xferspec/conformance"
	"github.com/xferspec/xferspec/conformance/config"
	"github.com/xferspec/xferspec/conformance/grade"
	"github.com/xferspec/xferspec/conformance/report"
	"github.com/xferspec/xferspec/harness/confine"
	"github.com/xferspec/xferspec/spec"
)

// gradeFlags say how a class is graded.
type gradeFlags struct {
	template, rubric, edition, role, out string
	requirements                         string
	isolate, image, plan, planImage      string
	strict, again, interop, showRubric   bool
	jobs                                 int
	timeScale                            float64
	time, compile                        time.Duration
	memory, disk, file, output           byteSize
	processes                            int
	readable, merge                      []string
	cases                                idsFlag
	shard                                gradeShard
}

func gradeCommand() *cobra.Command {
	f := gradeFlags{memory: 1 << 30, disk: 512 << 20, file: 256 << 20, output: 256 << 20}
	cmd := &cobra.Command{
		Use:   "grade FOLDER",
		Short: "Run both suites on the submissions of a class, in isolation, and turn the result into points",
		Long: `Run both suites on the submissions of a class. FOLDER has a folder for each; how
it is run says its own xferspec.yaml, else the template. Submissions run in
isolation from each other and from this machine, with limits. What is complete
is kept, so that a run that was interrupted goes on where it was.

The result is a folder: class.html, class.csv and class.json, and for each
submission its reports and a page of feedback.

Exit status: 0 all conformant; 1 some are not; 2 wrong usage; 3 some could not
be judged as a whole; 4 fault of xferspec itself.`,
		Example: `  xferspec grade submissions --template class.yaml --out grades --jobs 4
  xferspec grade submissions --out grades --rubric mine.yaml
  xferspec grade submissions --shard 2/4 --out shard-2
  xferspec grade submissions --merge shard-1,shard-2,shard-3,shard-4 --out grades
  xferspec grade submissions --plan github > .github/workflows/grade.yml`,
		Args: func(cmd *cobra.Command, args []string) error {
			if f.showRubric {
				return cobra.NoArgs(cmd, args)
			}
			return cobra.ExactArgs(1)(cmd, args)
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if f.showRubric {
				_, err := cmd.OutOrStdout().Write(config.DefaultRubric)
				return err
			}
			return f.run(cmd, args[0])
		},
	}
	f.add(cmd)
	return cmd
}

func (f *gradeFlags) add(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&f.template, "template", "", "`FILE` like xferspec.yaml for submissions that have none")
	flags.StringVar(&f.rubric, "rubric", "", "YAML `FILE` that turns clauses into points (default: the one of --show-rubric)")
	flags.BoolVar(&f.showRubric, "show-rubric", false, "print the rubric that is used without --rubric, to begin one's own with")
	flags.StringVar(&f.edition, "edition", "", "edition of the protocol (default: the template's, else "+spec.DefaultEdition+")")
	flags.StringVar(&f.requirements, "requirements", "", "judge everybody by the cases of this release, such as 1.0; next has all\n(default: the template's, else those that all submissions name, else next)")
	flags.StringVar(&f.role, "role", "", "grade only servers, or clients: server or client")
	flags.StringVar(&f.out, "out", "grades", "`folder` for the result; {shard} in its name is the number of the shard")
	flags.BoolVar(&f.strict, "strict", false, "count a broken SHOULD as a failure; points are by the rubric in any case")
	flags.BoolVar(&f.again, "again", false, "run all submissions again, also those that have a result")
	flags.IntVar(&f.jobs, "jobs", runtime.NumCPU(), "how many submissions may run at a time")
	flags.Float64Var(&f.timeScale, "timeout-scale", 1, "stretch every time limit of the cases by this factor")
	flags.Var(&f.shard, "shard", "run only every Nth submission, from the Ith on: `I/N`; job/N takes I from JOB_COMPLETION_INDEX")
	flags.StringSliceVar(&f.merge, "merge", nil, "run nothing, but take the results from these `folders`, those of the shards")
	flags.BoolVar(&f.interop, "interop", false, "let each client of the class work with each server, too")
	flags.StringVar(&f.plan, "plan", "", "run nothing, but print what makes an engine do it: github or kubernetes;\nwith --shard 1/N for N machines")
	flags.StringVar(&f.planImage, "plan-image", "", "container image with xferspec and what submissions need, for --plan kubernetes")
	flags.StringVar(&f.isolate, "isolate", string(grade.Sandbox), "what keeps submissions from this machine: sandbox (Linux), container, none")
	flags.StringVar(&f.image, "image", "", "container image in which commands run, with --isolate container")
	flags.DurationVar(&f.time, "limit-time", 15*time.Minute, "for each role of a submission")
	flags.DurationVar(&f.compile, "limit-compile", 5*time.Minute, "for compiling each role of a submission that says how, before its time begins")
	flags.Var(&f.memory, "limit-memory", "for all processes of a program together")
	flags.Var(&f.disk, "limit-disk", "for all files of a submission at a time, which are in memory")
	flags.Var(&f.file, "limit-file", "for one file")
	flags.Var(&f.output, "limit-output", "for what a program prints from start to end")
	flags.IntVar(&f.processes, "limit-processes", 256, "for processes and threads of a program together")
	flags.StringSliceVar(&f.readable, "readable", nil, "`folders` beside the system's that programs may read, such as that of an interpreter")
	flags.Var(&f.cases, "case", "run only these cases, for a first look; points are then of these alone")
}

// run grades a class, or does what stands for it.
func (f *gradeFlags) run(cmd *cobra.Command, folder string) error {
	if err := f.check(); err != nil {
		return err
	}
	if len(f.merge) > 0 && len(f.cases) == 0 {
		cases, err := grade.Selected(f.merge)
		if err != nil {
			return err
		}
		f.cases = cases
	}
	roles, err := f.roles()
	if err != nil {
		return err
	}
	rubric, err := config.ReadRubric(f.rubric)
	if err != nil {
		return err
	}
	class, err := grade.Find(folder, grade.Asked{Template: f.template, Edition: f.edition, Requirements: f.requirements, Roles: roles})
	if err != nil {
		return err
	}
	if err := checkRubric(class, rubric, f.rubric); err != nil {
		return err
	}
	if f.plan != "" {
		return f.writePlan(cmd, folder)
	}
	if err := f.checkOut(folder); err != nil {
		return err
	}
	if f.shard.n > 0 {
		class.Shard(f.shard.i, f.shard.n)
	}
	run, err := f.prepare(class)
	if err != nil {
		return err
	}
	if len(f.merge) > 0 {
		if err := grade.Collect(run.Out, f.merge); err != nil {
			return err
		}
		return f.finish(cmd, run, class, rubric, nil)
	}
	if err := f.checkIsolation(cmd.Context()); err != nil {
		return err
	}
	for _, s := range class.Submissions {
		if note := class.Differs(s); note != "" {
			fmt.Fprintf(cmd.OutOrStdout(), "%s: %s\n", oneLine(s.Name), oneLine(note))
		}
	}
	show := newGradeProgress(cmd, class)
	run.Ended = show.ended
	err = run.Run(cmd.Context(), class, f.again)
	show.end()
	if err != nil && cmd.Context().Err() == nil {
		return exit(report.ExitFault, err)
	}
	return f.finish(cmd, run, class, rubric, err)
}

func (f *gradeFlags) check() error {
	switch {
	case f.jobs < 1:
		return fmt.Errorf("--jobs %d: at least 1 is needed", f.jobs)
	case f.timeScale <= 0:
		return fmt.Errorf("--timeout-scale %g: a factor greater than 0 is needed", f.timeScale)
	case f.time <= 0 || f.compile <= 0 || f.processes < 1:
		return errors.New("--limit-time, --limit-compile and --limit-processes have to be greater than 0")
	case f.isolate != string(grade.Sandbox) && f.isolate != string(grade.Container) && f.isolate != string(grade.None):
		return fmt.Errorf("--isolate %q: it is sandbox, container or none", f.isolate)
	case (f.isolate == string(grade.Container)) != (f.image != ""):
		return errors.New("--isolate container and --image NAME, the image in which commands run, go together")
	case f.interop && f.shard.n > 0:
		return errors.New("--interop goes with no --shard: a client has to meet all servers; use it with --merge")
	case f.shard.n > 0 && len(f.merge) > 0:
		return errors.New("--merge goes with no --shard: it joins them")
	}
	return nil
}

// checkOut keeps the result from becoming a submission.
func (f *gradeFlags) checkOut(folder string) error {
	class, err := filepath.Abs(folder)
	if err != nil {
		return err
	}
	out, err := filepath.Abs(f.out)
	if err != nil {
		return err
	}
	if in, err := filepath.Rel(class, out); err == nil && filepath.IsLocal(in) {
		return fmt.Errorf("--out %s: it is the folder with the submissions, or in it: name one beside it", f.out)
	}
	return nil
}

// checkRubric refuses a rubric by which nobody could earn anything.
func checkRubric(class *grade.Class, rubric *config.Rubric, file string) error {
	ed, err := spec.LookupEdition(class.Edition)
	if err != nil || len(class.Roles) == 0 {
		return err
	}
	if names := class.RoleNames(); len(grade.NewScale(rubric, ed, names).Parts) == 0 {
		return fmt.Errorf("%s: it has no part for the %s, and nothing else is graded: add one with 'role: %s'", file, strings.Join(names, " or the "), names[0])
	}
	return nil
}

// roles returns the roles that are asked for, or that the named cases test; none
// for those that there are.
func (f *gradeFlags) roles() (roles []spec.Role, err error) {
	switch f.role {
	case "":
		for _, role := range grade.Roles {
			if len(grade.CasesOf(role, f.cases)) > 0 {
				roles = append(roles, role)
			}
		}
		return roles, nil
	case spec.Server.String():
		return []spec.Role{spec.Server}, nil
	case spec.Client.String():
		return []spec.Role{spec.Client}, nil
	}
	return nil, fmt.Errorf("--role %q: it is server or client", f.role)
}

// checkIsolation refuses to run programs that nobody trusts without what was promised.
func (f *gradeFlags) checkIsolation(ctx context.Context) error {
	if f.isolate != string(grade.Sandbox) {
		return nil
	}
	if err := confine.Check(ctx); err != nil {
		return exit(report.ExitIncomplete, fmt.Errorf("the sandbox does not work here: %w\n"+
			"run it as root, use --isolate container --image NAME, or --isolate none if you trust all submissions", err))
	}
	return nil
}

// prepare makes the runner.
func (f *gradeFlags) prepare(class *grade.Class) (*grade.Runner, error) {
	if _, err := spec.LookupEdition(class.Edition); err != nil {
		return nil, err
	}
	catalogue, err := conformance.ReadCatalogue()
	if err != nil {
		return nil, exit(report.ExitFault, err)
	}
	within, err := conformance.LookupRequirements(class.Requirements)
	if err != nil {
		return nil, err
	}
	for _, id := range f.cases {
		if !slices.Contains(catalogue.IDs(), id) {
			return nil, catalogue.UnknownCase(id)
		}
		if !within.Has(id) {
			return nil, fmt.Errorf("--case %s: it is not in requirements %s, --requirements %s has it", id, within.Name, conformance.Next)
		}
	}
	f.out = strings.ReplaceAll(f.out, "{shard}", strconv.Itoa(f.shard.i))
	out, err := filepath.Abs(f.out)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(out, 0o755); err != nil { //nolint:gosec // for whoever may read the grades
		return nil, err
	}
	var readable []string
	for _, path := range f.readable {
		if path, err = filepath.Abs(path); err != nil {
			return nil, err
		}
		if _, err := os.Stat(path); err != nil {
			return nil, fmt.Errorf("--readable: %w", err)
		}
		readable = append(readable, path)
	}
	known, err := f.knownFailures(out, class, catalogue)
	if err != nil {
		return nil, err
	}
	return &grade.Runner{Out: out, Jobs: f.jobs, Settings: grade.Settings{
		Edition: class.Edition, Requirements: class.Requirements, Strict: f.strict, Isolation: grade.Isolation(f.isolate), Image: f.image,
		Limits: confine.Limits{
			Memory: int64(f.memory), Processes: f.processes, File: int64(f.file), Output: int64(f.output), CPU: int(f.time.Seconds()),
		},
		Disk: int64(f.disk), Time: f.time, Compile: f.compile, TimeScale: f.timeScale, Readable: readable, Known: known,
		Suite: version() + " " + catalogue.Digest(), Cases: f.cases,
	}}, nil
}

// knownFailures writes those of the template down for the runs; "" if it has
// none. A submission cannot excuse itself.
func (f *gradeFlags) knownFailures(out string, class *grade.Class, catalogue conformance.Catalogue) (string, error) {
	if class.Known == "" {
		return "", nil
	}
	file, err := config.Read(class.Known)
	if err != nil {
		return "", err
	}
	for _, k := range file.KnownFailures {
		if !slices.Contains(catalogue.IDs(), k.Case) {
			return "", fmt.Errorf("%s: %w", class.Known, catalogue.UnknownCase(k.Case))
		}
	}
	text, err := yaml.Marshal(file.KnownFailures)
	if err != nil {
		return "", err
	}
	path := filepath.Join(out, "known-failures.yaml")
	return path, os.WriteFile(path, text, 0o644) //nolint:gosec // for whoever may read the grades
}

// finish makes the sheet of what there is, and ends with its exit status.
func (f *gradeFlags) finish(cmd *cobra.Command, run *grade.Runner, class *grade.Class, rubric *config.Rubric, interrupted error) error {
	ed, err := spec.LookupEdition(class.Edition)
	if err != nil {
		return err
	}
	graded, err := grade.Results(run.Out, class)
	if err != nil {
		return exit(report.ExitFault, err)
	}
	suite := report.Suite{Version: version(), Catalogue: strings.TrimPrefix(run.Suite, version()+" ")}
	sheet, err := grade.NewSheet(class, run.Settings, suite, grade.NewScale(rubric, ed, class.RoleNames()), graded)
	if err != nil {
		return exit(report.ExitFault, err)
	}
	if len(sheet.Missing) > 0 {
		sheet.MissingWhy = "the run was interrupted"
		if len(f.merge) > 0 {
			sheet.MissingWhy = "a shard may be missing among those that were merged, or not have ended"
		}
	}
	if err := sheet.WriteFiles(run.Out, graded); err != nil {
		return err
	}
	w := cmd.OutOrStdout()
	fmt.Fprintf(w, "%s\n%s\n", sheet.Counts, filepath.Join(f.out, "class.html"))
	if interrupted != nil {
		return exit(report.ExitIncomplete, fmt.Errorf("interrupted: %d of %d have a result; the same command goes on with the rest", len(graded), len(class.Submissions)))
	}
	status := sheet.ExitStatus()
	if f.interop {
		met, err := f.meet(cmd, run, class, sheet)
		if err != nil {
			return err
		}
		status = max(status, met)
	}
	if status == report.ExitIncomplete {
		return exit(status, f.incomplete(sheet))
	}
	if status != report.ExitConformant {
		return &exitError{status: status}
	}
	return nil
}

// incomplete explains the exit status of a class that has no verdict as a whole.
func (f *gradeFlags) incomplete(sheet *grade.Sheet) error {
	if len(sheet.Missing) > 0 {
		return fmt.Errorf("no result for %s: %s (--merge names %d); exit status 3", oneLine(strings.Join(sheet.Missing, ", ")), sheet.MissingWhy, len(f.merge))
	}
	if n := sheet.Counts.Incomplete + sheet.Counts.NotRun; n > 0 {
		return fmt.Errorf("incomplete or not run: %d of %d; the remarks in the class page say why; exit status 3", n, sheet.Counts.Submissions)
	}
	return fmt.Errorf("some meetings were not run: %s says why; exit status 3", filepath.Join(f.out, "interop.html"))
}
