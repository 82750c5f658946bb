package wrong_test

import (
	"errors"
	"maps"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xferspec/xferspec/conformance/report"
)

// python is the system's own, for which Debian packages PyCryptodome.
const python = "/usr/bin/python3"

// findings say of clauses how the cases about them ended that did not pass.
type findings map[string]report.Status

// mistakes are those that server.py can make.
var mistakes = []struct {
	name   string
	causes findings // of the cases that speak for themselves
	says   string   // what every failure's message has in it
}{
	{name: "id-from-header", causes: findings{"REG-2": report.Failed}},
	{name: "long-thanks", causes: findings{
		"FRM-4":  report.Failed,
		"FRM-16": report.Warned, // what is behind 1604 hides the answers that follow
	}},
	{name: "no-empty-packet", causes: findings{"FIL-25": report.Warned}},
	{name: "no-padding-check", causes: findings{"FIL-13": report.Failed, "FIL-26": report.Warned}},
	{
		name: "exits", causes: findings{"FIL-13": report.Failed, "FIL-26": report.Failed},
		says: "it ended: exit status 1",
	},
}

func TestServer(t *testing.T) {
	if out, err := exec.CommandContext(t.Context(), python, "-c", "import Cryptodome").CombinedOutput(); err != nil {
		t.Fatalf("%s has no PyCryptodome (apt-get install python3-pycryptodome): %v\n%s", python, err, out)
	}
	xferspec := build(t)
	t.Run("correct", func(t *testing.T) {
		t.Parallel()
		r := run(t, xferspec)
		expect(t, "what did not pass", broken(r, isAny), findings{})
		if r.Verdict != report.Conformant || r.Counts.Passed+r.Counts.NotApplicable != r.Counts.Planned {
			t.Errorf("verdict %s, %+v", r.Verdict, r.Counts)
		}
	})
	for _, mistake := range mistakes {
		t.Run(mistake.name, func(t *testing.T) {
			t.Parallel()
			r := run(t, xferspec, "--mistake", mistake.name)
			expect(t, "causes", broken(r, isAny), mistake.causes)
			for _, c := range r.With(report.Failed, report.Warned) {
				if !strings.Contains(c.Message, mistake.says) {
					t.Errorf("%s does not say %q:\n%s", c.ID, mistake.says, c.Message)
				}
			}
			for _, c := range r.With(report.NotRun) {
				t.Errorf("%s was not run: %s", c.ID, c.Reason)
			}
		})
	}
}

// What a server that takes every recv for a message gets right is a matter of
// chance. So it is seen only that the fault is found, that it is not the end of
// the run, and that what follows from it is called so.
func TestOneRecv(t *testing.T) {
	r := run(t, build(t), "--mistake", "one-recv")
	if got := broken(r, isCause)["FRM-5"]; got != report.Failed {
		t.Errorf("FRM-5: %q", got)
	}
	if len(r.Notes) == 0 {
		t.Error("no note says that the server was paced")
	}
	if n := r.Counts; n.Passed < n.Planned*2/3 {
		t.Errorf("%d of %d cases passed: one root cause painted everything red", n.Passed, n.Planned)
	}
	if len(broken(r, isConsequence)) == 0 {
		t.Error("nothing is called a consequence")
	}
}

func build(t *testing.T) (program string) {
	t.Helper()
	program = filepath.Join(t.TempDir(), "xferspec")
	cmd := exec.CommandContext(t.Context(), "go", "build", "-o", program, "github.com/xferspec/xferspec/conformance/cmd/xferspec")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("build the suite: %v\n%s", err, out)
	}
	return program
}

// run runs the suite on the server and returns its report.
func run(t *testing.T, xferspec string, args ...string) *report.Report {
	t.Helper()
	server, err := filepath.Abs("server.py")
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	file := filepath.Join(folder, "report.json")
	cmd := exec.CommandContext(t.Context(), xferspec,
		append([]string{"test", "server", "--strict", "--jobs", "1", "--json", file, "--", python, server}, args...)...)
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

func isAny(report.Case) bool           { return true }
func isConsequence(c report.Case) bool { return c.ConsequenceOf != "" }
func isCause(c report.Case) bool       { return c.ConsequenceOf == "" }

// broken returns what some of the cases found.
func broken(r *report.Report, some func(report.Case) bool) findings {
	found := findings{}
	for _, c := range r.With(report.Failed, report.Warned) {
		if !some(c) {
			continue
		}
		for _, clause := range c.Clauses {
			found[clause] = c.Status
		}
	}
	return found
}

func expect(t *testing.T, what string, got, want findings) {
	t.Helper()
	if !maps.Equal(got, want) {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}
