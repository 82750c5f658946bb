// Package verdicttest runs the suite, just as its users do, on programs that are
// wrong in a way that is known, for the tests that it finds out in which.
package verdicttest

import (
	"errors"
	"maps"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/xferspec/xferspec/conformance/report"
)

// python is the system's own, for which Debian packages PyCryptodome.
const python = "/usr/bin/python3"

// Findings say of the clauses that were found broken how: report.Failed or
// report.Warned, the former if cases differ.
type Findings map[string]report.Status

// Target is a program in Python, and the suite to run on it.
type Target struct{ xferspec, role, script string }

// New builds the suite, to be run on a "server" or a "client" whose script lies
// in the folder of the test. It ends the test if Python lacks what that needs.
func New(t *testing.T, role, script string) Target {
	t.Helper()
	script = Command(t, script)[1]
	xferspec := filepath.Join(t.TempDir(), "xferspec")
	build := exec.CommandContext(t.Context(), "go", "build", "-o", xferspec, "github.com/xferspec/xferspec/conformance/cmd/xferspec")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build the suite: %v\n%s", err, out)
	}
	return Target{xferspec, role, script}
}

// Command returns the command that runs a script in the folder of the test. It
// ends the test if Python lacks what that needs.
func Command(t *testing.T, script string, args ...string) []string {
	t.Helper()
	if out, err := exec.CommandContext(t.Context(), python, "-c", "import Cryptodome").CombinedOutput(); err != nil {
		t.Fatalf("%s has no PyCryptodome (apt-get install python3-pycryptodome): %v\n%s", python, err, out)
	}
	script, err := filepath.Abs(script)
	if err != nil {
		t.Fatal(err)
	}
	return append([]string{python, script}, args...)
}

// Run runs all cases strictly on the program, which gets args, and returns the
// report. It ends the test if the suite came to no verdict.
func (p Target) Run(t *testing.T, args ...string) *report.Report {
	t.Helper()
	folder := t.TempDir()
	file := filepath.Join(folder, "report.json")
	cmd := exec.CommandContext(t.Context(), p.xferspec,
		append([]string{"test", p.role, "--strict", "--jobs", "1", "--json", file, "--", python, p.script}, args...)...)
	cmd.Dir = folder
	out, err := cmd.CombinedOutput()
	if _, ok := errors.AsType[*exec.ExitError](err); err != nil && !ok {
		t.Fatal(err)
	}
	if status := cmd.ProcessState.ExitCode(); status != report.ExitConformant && status != report.ExitNonConformant {
		t.Fatalf("exit status %d\n%s", status, out)
	}
	r, err := report.Read(file)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// Found returns what cases of a report found broken.
func Found(cases []report.Case) Findings {
	found := Findings{}
	for _, c := range cases {
		if c.Status != report.Failed && c.Status != report.Warned {
			continue
		}
		for _, clause := range c.Clauses {
			if found[clause] != report.Failed {
				found[clause] = c.Status
			}
		}
	}
	return found
}

// Expect checks that these clauses were found broken and no others.
func Expect(t *testing.T, r *report.Report, want Findings) {
	t.Helper()
	if got := Found(r.Cases); !maps.Equal(got, want) {
		t.Errorf("found broken: %v, want %v", got, want)
	}
}

// ExpectAllRun checks that no case was left out for want of something.
func ExpectAllRun(t *testing.T, r *report.Report) {
	t.Helper()
	for _, c := range r.With(report.NotRun) {
		t.Errorf("%s was not run: %s", c.ID, c.Reason)
	}
}

// ExpectConformant checks that every case passed that applies.
func ExpectConformant(t *testing.T, r *report.Report) {
	t.Helper()
	Expect(t, r, Findings{})
	ExpectAllRun(t, r)
	if r.Verdict != report.Conformant {
		t.Errorf("verdict %s, %+v", r.Verdict, r.Counts)
	}
}
