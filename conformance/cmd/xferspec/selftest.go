package main

import (
	"errors"
	"fmt"
	"io"
	"runtime"
	"slices"
	"sync"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/xferspec/xferspec/conformance"
	"github.com/xferspec/xferspec/conformance/mutants"
	"github.com/xferspec/xferspec/conformance/report"
	"github.com/xferspec/xferspec/conformance/selftest"
	"github.com/xferspec/xferspec/spec"
)

// selftestFlags say what the suite is tried on and where the result goes.
type selftestFlags struct {
	role  string
	names []string
	jobs  int
	list  bool
	full  bool

	json, markdown, html string
}

func selftestCommand() *cobra.Command {
	var f selftestFlags
	cmd := &cobra.Command{
		Use:   "selftest",
		Short: "Run the suite on servers and clients that are known to be wrong, or right",
		Long: `Run the suite on mutants, which break one clause or a few, and on variations,
which conform, and judge the suite by what it lets through and whom it accuses.

Exit status: 0 every mutant was found out by a case about the clause that it
breaks, and by all that are in the matrix on record, no variation was accused,
every MUST case finds out a mutant; 1 not so; 2 wrong usage; 3 incomplete; 4 fault
of xferspec itself.`,
		Example: `  xferspec selftest --jobs 4 --html selftest.html
  xferspec selftest --role server --mutant exits-on-unknown-code`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return f.run(cmd) },
	}
	flags := cmd.Flags()
	flags.StringVar(&f.role, "role", "", "only mutants and variations of a server, or of a client")
	flags.StringSliceVar(&f.names, "mutant", nil, "only these mutants or variations")
	flags.IntVar(&f.jobs, "jobs", 4*runtime.NumCPU(), "how many may be run at a time; most of the time each waits")
	flags.BoolVar(&f.list, "list", false, "list mutants and variations, and run nothing")
	flags.BoolVar(&f.full, "full", false, "run every mutant on all cases, not only on those about its clauses and\na sample of the others")
	flags.StringVar(&f.json, "json", "", "write the result to this file")
	flags.StringVar(&f.markdown, "markdown", "", "write the kill matrix to this file as Markdown, in the place of the old\none if it has one among other text")
	flags.StringVar(&f.html, "html", "", "write the kill matrix to this file as a page")
	return cmd
}

func (f *selftestFlags) run(cmd *cobra.Command) error {
	if f.jobs < 1 {
		return fmt.Errorf("--jobs %d: at least 1 is needed", f.jobs)
	}
	trial, err := f.selection()
	if err != nil {
		return err
	}
	if f.list {
		return listMutants(cmd.OutOrStdout(), trial)
	}
	if err := f.checkMarkdown(); err != nil {
		return err
	}
	if err := createFiles(f.json, f.html); err != nil {
		return err
	}
	if trial.Catalogue, err = conformance.ReadCatalogue(); err != nil {
		return exit(report.ExitFault, err)
	}
	if !f.rewritesMatrix() {
		trial.Record = selftest.ReadRecord(mutants.Page())
	}
	began := time.Now()
	f.runAll(cmd, &trial)
	result := selftest.Judge(trial)
	result.Suite = report.Suite{Version: version(), Catalogue: trial.Catalogue.Digest()}
	result.DurationMs = time.Since(began).Milliseconds()
	err = f.show(cmd.OutOrStdout(), result)
	if fault := trial.Fault(); fault != nil {
		return exit(report.ExitFault, fault)
	}
	return err
}

// show writes all views of the result and returns its exit status as an error.
func (f *selftestFlags) show(w io.Writer, r *selftest.Result) error {
	if err := r.WriteText(w); err != nil {
		return exit(report.ExitFault, err)
	}
	if err := writeFiles(output{f.json, r.WriteJSON}, output{f.html, r.WriteHTML}); err != nil {
		return err
	}
	if err := f.writeMarkdown(r); err != nil {
		return err
	}
	if status := r.ExitStatus(); status != report.ExitConformant {
		return &exitError{status: status}
	}
	return nil
}

// selection returns what was selected; nothing is an error.
func (f *selftestFlags) selection() (t selftest.Trial, err error) {
	var roles []spec.Role
	if t.Edition, roles, err = parseListFlags(spec.DefaultEdition, f.role); err != nil {
		return t, fmt.Errorf("--role: %w", err)
	}
	all, variations := allMutants(), allVariations()
	if err := mutants.Check(all, variations); err != nil {
		return t, exit(report.ExitFault, err)
	}
	t.Partial, t.Full = len(f.names) > 0, f.full
	unknown := slices.Clone(f.names)
	wanted := func(role spec.Role, id string) bool {
		if !slices.Contains(roles, role) || t.Partial && !slices.Contains(f.names, id) {
			return false
		}
		unknown = slices.DeleteFunc(unknown, func(name string) bool { return name == id })
		return true
	}
	for _, m := range all {
		if wanted(m.Role, m.ID) {
			t.Mutants = append(t.Mutants, m)
		}
	}
	for _, v := range variations {
		if wanted(v.Role, v.ID) {
			t.Variations = append(t.Variations, v)
		}
	}
	switch {
	case len(unknown) > 0:
		return t, fmt.Errorf("unknown mutant %q: 'xferspec selftest --list' has them all", unknown[0])
	case len(t.Mutants)+len(t.Variations) == 0:
		return t, fmt.Errorf("there is no mutant of a %s", f.role)
	}
	return t, nil
}

func listMutants(w io.Writer, t selftest.Trial) error {
	table := tabwriter.NewWriter(w, 0, 8, 2, ' ', 0)
	for _, m := range t.Mutants {
		fmt.Fprintf(table, "%s\tmutant\t%s\t%v\t%s (%s)\n", m.Role, m.ID, m.Clauses, m.About, m.Often)
	}
	for _, v := range t.Variations {
		fmt.Fprintf(table, "%s\tvariation\t%s\t%v\t%s\n", v.Role, v.ID, v.Departs, v.About)
	}
	return exit(report.ExitFault, table.Flush())
}

// runAll fills in the runs of the trial.
func (f *selftestFlags) runAll(cmd *cobra.Command, t *selftest.Trial) {
	ctx, progress := cmd.Context(), newProgress(cmd, len(t.Mutants)+len(t.Variations))
	defer progress.clear()
	t.MutantRuns = make([]selftest.Run, len(t.Mutants))
	t.VariationRuns = make([]selftest.Run, len(t.Variations))
	slots := make(chan struct{}, f.jobs)
	var running sync.WaitGroup
	start := func(into *selftest.Run, id string, suite func() selftest.Run) {
		running.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			if ctx.Err() != nil {
				*into = selftest.Run{Err: errors.New("interrupted")}
				return
			}
			*into = suite()
			progress.ended(id)
		})
	}
	for i, v := range t.Variations {
		start(&t.VariationRuns[i], v.ID, func() selftest.Run { return suiteOn(ctx, v.Role, v.ID, t.CasesForVariation(v), 1) })
	}
	for i, m := range t.Mutants {
		start(&t.MutantRuns[i], m.ID, func() selftest.Run { return mutantRun(ctx, t, m) })
	}
	running.Wait()
}
