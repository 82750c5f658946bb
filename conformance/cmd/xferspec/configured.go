package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/xferspec/xferspec/conformance"
	"github.com/xferspec/xferspec/conformance/config"
	"github.com/xferspec/xferspec/conformance/internal/ending"
	"github.com/xferspec/xferspec/conformance/report"
	"github.com/xferspec/xferspec/spec"
)

// configured is a run of what xferspec.yaml names.
type configured struct {
	testFlags
	watch bool
}

// subject is what is tested in one role.
type subject struct {
	role   spec.Role
	target *config.Target
	args   []string // of 'xferspec test', which say the same as file and flags
	last   *last
	status int // of the run
}

// run tests what the file names, server before client, each in a process of its
// own, and exits with the worse status.
func (c *configured) run(cmd *cobra.Command) error {
	subjects, err := c.subjects(cmd.Flags())
	if err != nil {
		return err
	}
	if c.lastFailed {
		subjects = lastFailed(cmd, subjects)
	}
	status := report.ExitConformant
	for _, s := range subjects {
		s.status, err = s.test(cmd)
		if err != nil {
			return exit(report.ExitFault, err)
		}
		status = max(status, s.status)
	}
	if len(subjects) > 1 {
		fmt.Fprintf(cmd.OutOrStdout(), "\n%s\n", summary(subjects))
	}
	if status != report.ExitConformant {
		return &exitError{status: status}
	}
	return nil
}

// subjects reads the file and what the flags leave of it.
func (c *configured) subjects(flags *pflag.FlagSet) ([]*subject, error) {
	file, err := config.Read(config.Name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("say what to test: 'xferspec test server', 'xferspec test client', or a %s in this folder, which 'xferspec init' writes", config.Name)
	}
	if err != nil {
		return nil, err
	}
	if err := checkNames(file); err != nil {
		return nil, err
	}
	var all []*subject
	for _, s := range []*subject{{role: spec.Server, target: file.Server}, {role: spec.Client, target: file.Client}} {
		if s.target != nil {
			all = append(all, s)
		}
	}
	both := len(all) > 1
	var wanted []*subject
	for _, s := range all {
		named, ok, err := c.narrow(s.role)
		if err != nil {
			return nil, err
		}
		if ok {
			s.args = slices.Concat([]string{"test", s.role.String()}, fileArgs(file, s.target), passedFlags(flags, s.role, both), named, []string{"--repeat", repeatAs()})
			if len(s.target.Run) > 0 {
				s.args = append(append(s.args, "--"), s.target.Run...)
			}
			s.last = recall(s.role.String(), c.editionFor(file), *s.target)
			wanted = append(wanted, s)
		}
	}
	if len(wanted) == 0 {
		return nil, fmt.Errorf("%s names no target for these cases: 'xferspec list' says whom they test", config.Name)
	}
	return wanted, nil
}

// repeatAs is what runs a case again as xferspec.yaml says: it may have to be compiled.
func repeatAs() string {
	before, _ := repeatWords(os.Args)
	return strings.Join(before, " ")
}

// narrow returns the flags that name the cases and clauses of a role; ok is false
// if all that are named are for the other one.
func (c *configured) narrow(role spec.Role) (args []string, ok bool, err error) {
	prefix := map[spec.Role]string{spec.Server: "SRV-", spec.Client: "CLT-"}[role]
	for _, id := range c.cases {
		switch {
		case strings.HasPrefix(id, prefix):
			args = append(args, "--case", id)
		case !strings.HasPrefix(id, "SRV-") && !strings.HasPrefix(id, "CLT-"):
			catalogue, err := conformance.ReadCatalogue()
			if err != nil {
				return nil, false, exit(report.ExitFault, err)
			}
			return nil, false, catalogue.UnknownCase(id)
		}
	}
	for _, id := range c.clauses {
		clause, known := spec.LookupClause(id)
		if !known {
			return nil, false, conformance.UnknownClause(id)
		}
		if clause.Roles.Has(role) {
			args = append(args, "--clause", id)
		}
	}
	return args, len(args) > 0 || len(c.cases)+len(c.clauses) == 0, nil
}

// editionFor returns the edition of a run of a file: that of the flag, or of the file.
func (f *testFlags) editionFor(file *config.File) string {
	if f.edition != spec.DefaultEdition || file.Edition == "" {
		return spec.EditionName(f.edition)
	}
	return spec.EditionName(file.Edition)
}

// fileArgs says the same as the file does, in flags.
func fileArgs(file *config.File, t *config.Target) []string {
	var args []string
	for _, flag := range []struct{ name, value string }{
		{"--edition", file.Edition}, {"--requirements", string(file.Requirements)},
		{"--addr", t.Addr}, {"--dir", t.Dir}, {"--image", t.Image}, {"--build", t.Build},
	} {
		if flag.value != "" {
			args = append(args, flag.name, flag.value)
		}
	}
	if len(file.KnownFailures) > 0 {
		args = append(args, "--known-failures", config.Name)
	}
	return args
}

// passedFlags returns the flags that were given, but for those that name cases
// and those that are meant for this process.
func passedFlags(flags *pflag.FlagSet, role spec.Role, both bool) (args []string) {
	flags.Visit(func(f *pflag.Flag) {
		value := f.Value.String()
		switch {
		case slices.Contains([]string{"case", "clause", "watch"}, f.Name):
			return
		case both && isForm(f.Name):
			value = ofRole(value, role)
		}
		args = append(args, "--"+f.Name+"="+value)
	})
	return args
}

func isForm(name string) bool {
	return slices.ContainsFunc(forms, func(f form) bool { return f.name == name })
}

// ofRole names the file of one of two reports: report.html is report-server.html.
func ofRole(path string, role spec.Role) string {
	if path == "" {
		return ""
	}
	ext := filepath.Ext(path)
	return strings.TrimSuffix(path, ext) + "-" + role.String() + ext
}

// lastFailed leaves out the roles that passed the last time, if another did not.
func lastFailed(cmd *cobra.Command, subjects []*subject) []*subject {
	if !slices.ContainsFunc(subjects, func(s *subject) bool { return len(s.last.Cases) > 0 }) {
		return subjects // each says itself that it runs all cases
	}
	return slices.DeleteFunc(subjects, func(s *subject) bool {
		out := s.last.known && len(s.last.Cases) == 0
		if out {
			fmt.Fprintf(cmd.OutOrStdout(), "%s: all cases passed the last time, left out\n", s.role)
		}
		return out
	})
}

// test compiles a target and runs its suite. The status of one that cannot be
// compiled is that of a run for which something was missing.
func (s *subject) test(cmd *cobra.Command) (int, error) {
	if len(s.target.Compile) > 0 {
		fmt.Fprintf(cmd.OutOrStdout(), "compiling the %s: %s\n", s.role, commandLines(s.target.Compile))
	}
	if err := compile(cmd.Context(), s.target.Compile, "", nil); err != nil {
		fmt.Fprintf(os.Stderr, "xferspec: the %s was not tested: %v\n", s.role, err)
		return report.ExitIncomplete, nil
	}
	if dir := s.target.Dir; len(s.target.Compile) > 0 && dir != "" {
		if _, err := os.Stat(dir); err != nil {
			fmt.Fprintf(os.Stderr, "xferspec: the %s was not tested: compile in %s makes no folder %s: correct one of them\n", s.role, config.Name, dir)
			return report.ExitIncomplete, nil //nolint:nilerr // it was said, and the other role goes on
		}
	}
	if err := s.check(); err != nil {
		return exitStatus(err), nil
	}
	return runSelf(cmd.Context(), s.args...)
}

// summary says how the roles did, where two reports would hide it.
func summary(subjects []*subject) string {
	words := map[int]string{
		report.ExitConformant: "conformant", report.ExitNonConformant: "non-conformant", report.ExitUsage: "not tested",
		report.ExitIncomplete: "incomplete", report.ExitFault: "fault of xferspec",
	}
	var parts []string
	for _, s := range subjects {
		parts = append(parts, fmt.Sprintf("%s: %s", s.role, words[s.status]))
	}
	return strings.Join(parts, ", ")
}

// endGrace is how long a process may take to end when it is told to.
const endGrace = 20 * time.Second

// runSelf runs this program with other arguments and returns its exit status. What
// an interrupt ended, or kept from starting, is incomplete.
func runSelf(ctx context.Context, args ...string) (int, error) {
	self, err := os.Executable()
	if err != nil {
		return 0, fmt.Errorf("find this program: %w", err)
	}
	cmd := exec.CommandContext(ctx, self, args...) //nolint:gosec // this program, with the words of its user
	ending.InOrder(cmd, endGrace)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	err = cmd.Run()
	switch {
	case cmd.ProcessState != nil && cmd.ProcessState.Exited():
		return cmd.ProcessState.ExitCode(), nil
	case ctx.Err() != nil || interruptedEarly(cmd.ProcessState):
		return report.ExitIncomplete, nil //nolint:nilerr // the status says it
	}
	return 0, err
}

// interruptedEarly says whether a process has ended by a signal that the terminal
// sends to this one as well, before it could take it.
func interruptedEarly(ended *os.ProcessState) bool {
	if ended == nil {
		return false
	}
	status, ok := ended.Sys().(syscall.WaitStatus)
	return ok && status.Signaled() && (status.Signal() == syscall.SIGINT || status.Signal() == syscall.SIGTERM)
}
