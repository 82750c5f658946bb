package ci

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
)

// pipeline is what gitlab.yml has: any other member is an error.
type pipeline struct {
	Variables map[string]string
	Program   pipelineJob `yaml:"xferspec-program"`
	Test      pipelineJob `yaml:"xferspec"`
}

type pipelineJob struct {
	Stage, Image string
	Needs        []string
	Cache        struct {
		Key   string
		Paths []string
	}
	Script    []string
	Artifacts struct {
		When     string
		Paths    []string
		ExpireIn string `yaml:"expire_in"`
		Reports  struct{ Junit string }
	}
}

func (p *pipeline) jobs() map[string]pipelineJob {
	return map[string]pipelineJob{"xferspec-program": p.Program, "xferspec": p.Test}
}

func readPipeline(t *testing.T) *pipeline {
	t.Helper()
	var p pipeline
	if err := yaml.UnmarshalWithOptions([]byte(read(t, "gitlab.yml")), &p, yaml.Strict()); err != nil {
		t.Fatal(err)
	}
	return &p
}

// play runs a job's script in a workspace as the runner does in an image without
// bash, and returns its exit status.
func (p *pipeline) play(t *testing.T, job pipelineJob, workspace string, more ...string) (int, string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "sh", "-e", "-c", strings.Join(job.Script, "\n"))
	cmd.Dir = workspace
	cmd.Env = append(os.Environ(), "GITLAB_CI=true", "CI=true")
	for name, value := range p.Variables {
		cmd.Env = append(cmd.Env, name+"="+value)
	}
	cmd.Env = append(cmd.Env, more...)
	out, err := cmd.CombinedOutput()
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		return exit.ExitCode(), string(out)
	}
	if err != nil {
		t.Fatal(err)
	}
	return 0, string(out)
}

// TestGitLab plays the job that tests. A go command that compiles what lies here
// stands in for the one that downloads the release.
func TestGitLab(t *testing.T) {
	p := readPipeline(t)
	bin := goOfRelease(t, p.Variables["XFERSPEC_VERSION"])
	path := "PATH=" + strings.Join([]string{bin, compilePrograms(t), os.Getenv("PATH")}, ":")
	workspace := t.TempDir()
	if status, out := p.play(t, p.Program, workspace, path); status != 0 {
		t.Fatalf("exit status %d\n%s", status, out)
	}
	if err := os.Remove(filepath.Join(bin, "go")); err != nil { // the next has what the first one left
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name, yaml string
		variables  []string
		status     int
		says       string
		reports    int
	}{
		{"right", "server: {run: [xfer-server]}\n", []string{"XFERSPEC_STRICT=true"}, 0, "conformant: 1 case, 1 passed", 1},
		{"both", "server: {run: [xfer-server]}\nclient: {run: [xfer-client]}\n", nil, 0, "conformant", 2},
		{"wrong", "server: {run: [xferspec, mutant, server, checksum-of-zlib]}\n", nil, 1, "failed  SRV-FIL-01", 1},
		{"nothing ran", "server: {run: [sh, -c, exit 5]}\n", nil, 3, "incomplete", 1},
		{"no such case", "server: {run: [xfer-server]}\n", []string{"XFERSPEC_FLAGS=--case SRV-FIL-999"}, 2, "SRV-FIL-999", 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if err := os.WriteFile(filepath.Join(workspace, "xferspec.yaml"), []byte(tt.yaml), 0o600); err != nil {
				t.Fatal(err)
			}
			variables := append([]string{path, "XFERSPEC_FLAGS=" + quick}, tt.variables...)
			status, out := p.play(t, p.Test, workspace, variables...)
			if status != tt.status || !strings.Contains(out, tt.says) {
				t.Errorf("exit status %d, want %d and %q\n%s", status, tt.status, tt.says, out)
			}
			junit := strings.ReplaceAll(p.Test.Artifacts.Reports.Junit, "$XFERSPEC_OUT", p.Variables["XFERSPEC_OUT"])
			found, err := filepath.Glob(filepath.Join(workspace, junit))
			if err != nil || len(found) != tt.reports {
				t.Errorf("JUnit reports %v, %v, want %d", found, err, tt.reports)
			}
		})
	}
}

// goOfRelease returns a folder with a go command that, instead of installing the
// version, compiles the source at hand, and whose module cache has its files.
func goOfRelease(t *testing.T, version string) string {
	t.Helper()
	folder := t.TempDir()
	root, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	modules := filepath.Join(folder, "modules")
	release := filepath.Join(modules, "github.com/xferspec")
	if err := os.MkdirAll(release, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(root, filepath.Join(release, "xferspec@"+version)); err != nil {
		t.Fatal(err)
	}
	program, err := exec.LookPath("go")
	if err != nil {
		t.Fatal(err)
	}
	script := `#!/bin/sh
case "$*" in
  "install github.com/xferspec/xferspec/conformance/cmd/xferspec@` + version + `")
    cd ` + root + ` && unset CGO_ENABLED && exec ` + program + ` build -o "$GOBIN/" ./conformance/cmd/xferspec ;;
  "env GOMODCACHE") echo ` + modules + ` ;;
  *) echo "unexpected: go $*" >&2; exit 2 ;;
esac
`
	if err := os.WriteFile(filepath.Join(folder, "go"), []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	return folder
}
