// Package ci has no program, only tests of what lies here for the CIs of others.
package ci

import (
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// one case for each role, so that a run takes a moment.
const quick = "--clause CRC-1"

var forms = []string{".html", ".json", ".md", ".sarif", ".svg", ".xml"}

// results are the files of a run, in one or in both roles.
func results(stems ...string) (names []string) {
	for _, stem := range stems {
		for _, form := range forms {
			names = append(names, stem+form)
		}
	}
	return names
}

// TestAction plays a job on GitHub for each verdict. The first compiles xferspec,
// and the rest find it in the cache.
func TestAction(t *testing.T) {
	a := readAction(t, "action.yml")
	cache := t.TempDir()
	programs := compilePrograms(t)
	for i, tt := range []struct {
		name, yaml string
		with       map[string]string
		status     string
		verdict    string
		files      []string
		summary    []string
		alerts     bool
	}{
		{
			name:   "both right",
			yaml:   "server: {run: [xfer-server]}\nclient: {run: [xfer-client]}\n",
			with:   map[string]string{"flags": quick, "sarif": "true", "strict": "true", "requirements": "1.0"},
			status: "0", verdict: "conformant", files: results("report-client", "report-server"),
			summary: []string{"## server: conformant", "## client: conformant"},
		},
		{
			name:   "another edition",
			yaml:   "server: {run: [xfer-server, --edition, 2023a]}\n",
			with:   map[string]string{"flags": "--clause\nCRC-1\n", "edition": "2023a", "level": "must", "artifact": "mine"},
			status: "0", verdict: "conformant", files: results("report"),
			summary: []string{"edition 2023a"},
		},
		{
			name:   "a wrong server",
			yaml:   "server: {run: [xferspec, mutant, server, checksum-of-zlib]}\n",
			with:   map[string]string{"flags": quick + " --jobs 1", "sarif": "true"},
			status: "1", verdict: "non-conformant", files: results("report"),
			summary: []string{"## server: non-conformant", "SRV-FIL-01"}, alerts: true,
		},
		{
			name:   "a server that does not start",
			yaml:   "server: {run: [sh, -c, exit 5]}\n",
			with:   map[string]string{"flags": quick},
			status: "3", verdict: "incomplete",
			summary: []string{"incomplete"},
		},
		{
			name:   "a file with a mistake",
			yaml:   "sever: {run: [xfer-server]}\n",
			status: "2", verdict: "wrong usage",
			summary: []string{"wrong usage", "xferspec.yaml:1:1"},
		},
		{
			name:   "a file elsewhere",
			yaml:   "server: {run: [xfer-server]}\n",
			with:   map[string]string{"yaml": "elsewhere/xferspec.yaml"},
			status: "2", verdict: "wrong usage", summary: []string{"no file elsewhere/xferspec.yaml"},
		},
		{
			name:   "a release that is not known",
			yaml:   "server: {run: [xfer-server]}\n",
			with:   map[string]string{"requirements": "0.1"},
			status: "2", verdict: "wrong usage", summary: []string{"0.1"},
		},
		{
			name:   "strict in other words",
			yaml:   "server: {run: [xfer-server]}\n",
			with:   map[string]string{"strict": "yes"},
			status: "2", verdict: "wrong usage", summary: []string{"true or false"},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			j := newJob(t, cache, programs)
			if err := os.WriteFile(filepath.Join(j.workspace, "xferspec.yaml"), []byte(tt.yaml), 0o600); err != nil {
				t.Fatal(err)
			}
			ok := j.run(a, tt.with)
			defer func() {
				if t.Failed() {
					t.Logf("log:\n%s\nsummary:\n%s", j.log.String(), j.summary)
				}
			}()
			if ok != (tt.status == "0") || j.outputs["status"] != tt.status || j.outputs["verdict"] != tt.verdict {
				t.Errorf("success %v, outputs %v, want status %s, %s", ok, j.outputs, tt.status, tt.verdict)
			}
			if j.compiled != (i == 0) {
				t.Errorf("compiled: %v", j.compiled)
			}
			artifact := "xferspec"
			if name, ok := tt.with["artifact"]; ok {
				artifact = name
			}
			if got := j.artifacts[artifact]; tt.files != nil && !slices.Equal(got, tt.files) {
				t.Errorf("artifact %v, want %v", got, tt.files)
			}
			for _, text := range tt.summary {
				if !strings.Contains(j.summary, text) {
					t.Errorf("the summary does not say %q", text)
				}
			}
			if (j.alerts > 0) != tt.alerts {
				t.Errorf("%d alerts", j.alerts)
			}
		})
	}
}

func newJob(t *testing.T, cache string, paths ...string) *job {
	return &job{t: t, workspace: t.TempDir(), temp: t.TempDir(), cache: cache, paths: paths}
}

// compilePrograms returns a folder with the reference, which the workspaces test.
func compilePrograms(t *testing.T) string {
	t.Helper()
	folder := t.TempDir()
	cmd := exec.CommandContext(t.Context(), "go", "build", "-o", folder+"/", "../reference/cmd/xfer-server", "../reference/cmd/xfer-client")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return folder
}

// What the action says it has is what its steps use.
func TestActionUsesItsInputs(t *testing.T) {
	text := read(t, "action.yml")
	a := readAction(t, "action.yml")
	for name, input := range a.Inputs {
		if input.Description == "" || !strings.Contains(text, "inputs."+name+" ") {
			t.Errorf("input %s is not described or not used", name)
		}
	}
	if got := slices.Sorted(maps.Keys(a.Outputs)); !slices.Equal(got, []string{"results", "status", "verdict"}) {
		t.Errorf("outputs %v", got)
	}
	for _, s := range a.Runs.Steps {
		if s.Uses != "" && !strings.Contains(s.Uses, "@v") {
			t.Errorf("%s is not pinned to a version", s.Uses)
		}
	}
}
