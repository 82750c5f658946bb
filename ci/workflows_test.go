package ci

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// named is how the workflows name the action, from any repository.
const named = "uses: xferspec/xferspec/ci@v1"

// TestWorkflows has actionlint judge the workflows as they would lie in a
// repository that has the action too, so that it also sees what they give it.
func TestWorkflows(t *testing.T) {
	if _, err := exec.LookPath("actionlint"); err != nil {
		t.Fatalf("%v: install it as .ci/run does", err)
	}
	repository := t.TempDir()
	if out, err := exec.CommandContext(t.Context(), "git", "init", "-q", repository).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	lay := func(name, text string) {
		path := filepath.Join(repository, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	lay("ci/action.yml", read(t, "action.yml"))
	files, err := filepath.Glob("workflows/*.yml")
	if err != nil || len(files) == 0 {
		t.Fatalf("workflows: %v, %v", files, err)
	}
	for _, file := range files {
		text := read(t, file)
		if !strings.Contains(text, named) {
			t.Errorf("%s does not say %q", file, named)
		}
		lay(".github/workflows/"+filepath.Base(file), strings.ReplaceAll(text, named, "uses: ./ci"))
	}
	if out, err := lint(t, repository); err != nil {
		t.Errorf("%v\n%s", err, out)
	}

	// It would have said so:
	lay(".github/workflows/wrong.yml", strings.ReplaceAll(strings.ReplaceAll(read(t, "workflows/both.yml"), named, "uses: ./ci"),
		"requirements:", "requirement:"))
	if out, err := lint(t, repository); err == nil || !strings.Contains(out, `input "requirement" is not defined`) {
		t.Errorf("a wrong input passes: %v\n%s", err, out)
	}
}

func lint(t *testing.T, folder string) (string, error) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "actionlint", "-no-color")
	cmd.Dir = folder
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// TestScripts has shellcheck judge the scripts that run on the machines of others.
func TestScripts(t *testing.T) {
	scripts := map[string]string{"check": read(t, "check")}
	for _, s := range readAction(t, "action.yml").Runs.Steps {
		if s.Run != "" {
			scripts["action.yml, step "+s.ID] = "#!/bin/bash\nset -eo pipefail\n" + s.Run
		}
	}
	for name, job := range readPipeline(t).jobs() {
		scripts["gitlab.yml, "+name] = "#!/bin/sh\nset -e\n" + strings.Join(job.Script, "\n")
	}
	for name, script := range scripts {
		path := filepath.Join(t.TempDir(), "script")
		if err := os.WriteFile(path, []byte(script), 0o600); err != nil {
			t.Fatal(err)
		}
		// Below a warning: XFERSPEC_FLAGS are several words on purpose.
		if out, err := exec.CommandContext(t.Context(), "shellcheck", "-S", "warning", path).CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s", name, err, out)
		}
	}
}
