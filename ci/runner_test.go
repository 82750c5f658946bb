package ci

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
)

// action is a composite action, as far as ours go: any other member is an error.
type action struct {
	Name        string
	Description string
	Author      string
	Branding    struct{ Icon, Color string }
	Inputs      map[string]struct{ Description, Default string }
	Outputs     map[string]struct{ Description, Value string }
	Runs        struct {
		Using string
		Steps []step
	}
}

type step struct {
	ID       string
	If       string
	Uses     string
	With     map[string]string
	Env      map[string]string
	Shell    string
	Run      string
	Continue bool `yaml:"continue-on-error"`
}

func readAction(t *testing.T, path string) *action {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var a action
	if err := yaml.UnmarshalWithOptions(text, &a, yaml.Strict()); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return &a
}

// job plays the runner for one use of an action, in a workspace.
type job struct {
	t         *testing.T
	workspace string
	temp      string
	cache     string            // folder with what actions/cache keeps, by key
	missed    map[string]string // folders to keep there when the job ends, by key
	inputs    map[string]string
	steps     map[string]map[string]string // outputs by step and name
	paths     []string
	failed    bool

	// what the world sees
	log       bytes.Buffer
	summary   string
	outputs   map[string]string
	artifacts map[string][]string // names of files by that of the artifact
	alerts    int                 // results in the SARIF files
	compiled  bool
}

// run runs the action and says whether it succeeded.
func (j *job) run(a *action, with map[string]string) bool {
	j.t.Helper()
	j.inputs, j.steps = map[string]string{}, map[string]map[string]string{}
	j.missed = map[string]string{}
	j.outputs, j.artifacts = map[string]string{}, map[string][]string{}
	for name, input := range a.Inputs {
		j.inputs[name] = input.Default
	}
	for name, value := range with {
		if _, ok := a.Inputs[name]; !ok {
			j.t.Fatalf("the action has no input %s", name)
		}
		j.inputs[name] = value
	}
	for i, s := range a.Runs.Steps {
		if s.ID == "" {
			s.ID = fmt.Sprintf("step %d", i+1)
		}
		j.steps[s.ID] = map[string]string{}
		if !j.condition(s.If) {
			continue
		}
		if ok := j.step(s); !ok && !s.Continue {
			j.failed = true
		}
	}
	for key, path := range j.missed {
		j.copy(filepath.Join(j.cache, key), path)
	}
	for name, output := range a.Outputs {
		j.outputs[name] = j.expand(output.Value)
	}
	return !j.failed
}

func (j *job) step(s step) bool {
	with := map[string]string{}
	for name, value := range s.With {
		with[name] = j.expand(value)
	}
	name, _, _ := strings.Cut(s.Uses, "@")
	switch name {
	case "":
		return j.script(s)
	case "actions/setup-go":
		if _, err := os.Stat(with["go-version-file"]); err != nil {
			j.t.Errorf("setup-go: %v", err)
		}
		return true
	case "actions/cache":
		return j.restore(s.ID, with["key"], with["path"])
	case "actions/upload-artifact":
		return j.upload(with["name"], with["path"])
	case "github/codeql-action/upload-sarif":
		return j.scan(with["sarif_file"])
	}
	j.t.Fatalf("this runner does not know %s", s.Uses)
	return false
}

// script runs a step's script as the runner does: bash, with files to write to.
func (j *job) script(s step) bool {
	if s.Shell != "bash" {
		j.t.Fatalf("shell %q of step %s: this runner has bash only", s.Shell, s.ID)
	}
	if strings.Contains(s.Run, "${{") {
		j.t.Errorf("step %s: an expression in a script is a hole for whoever writes the input: pass it in env", s.ID)
	}
	files := map[string]string{}
	for _, name := range []string{"GITHUB_OUTPUT", "GITHUB_PATH", "GITHUB_STEP_SUMMARY"} {
		files[name] = j.write(name, "")
	}
	cmd := exec.CommandContext(j.t.Context(), "bash", "--noprofile", "--norc", "-e", "-o", "pipefail", j.write("script.sh", s.Run))
	cmd.Dir = j.workspace
	cmd.Stdout, cmd.Stderr = &j.log, &j.log
	env := map[string]string{"CI": "true", "GITHUB_ACTIONS": "true", "RUNNER_TEMP": j.temp}
	maps.Copy(env, files)
	for name, value := range s.Env {
		env[name] = j.expand(value)
	}
	cmd.Env = append(os.Environ(), "PATH="+strings.Join(append(j.paths, os.Getenv("PATH")), ":"))
	for name, value := range env {
		cmd.Env = append(cmd.Env, name+"="+value)
	}
	err := cmd.Run()
	maps.Copy(j.steps[s.ID], j.assignments(files["GITHUB_OUTPUT"]))
	j.summary += read(j.t, files["GITHUB_STEP_SUMMARY"])
	j.paths = append(strings.Fields(read(j.t, files["GITHUB_PATH"])), j.paths...)
	j.compiled = j.compiled || strings.Contains(s.Run, "go build")
	return err == nil
}

func (j *job) write(name, text string) string {
	path := filepath.Join(j.t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		j.t.Fatal(err)
	}
	return path
}

// assignments reads lines NAME=VALUE.
func (j *job) assignments(path string) map[string]string {
	values := map[string]string{}
	for line := range strings.Lines(read(j.t, path)) {
		name, value, ok := strings.Cut(strings.TrimSuffix(line, "\n"), "=")
		if !ok {
			j.t.Errorf("output %q is not NAME=VALUE", line)
		}
		values[name] = value
	}
	return values
}

// restore copies from the cache, or has the folder kept when the job ends.
func (j *job) restore(id, key, path string) bool {
	kept := filepath.Join(j.cache, key)
	if _, err := os.Stat(kept); err != nil {
		j.missed[key] = path
		return true
	}
	j.copy(path, kept)
	j.steps[id]["cache-hit"] = "true"
	return true
}

func (j *job) copy(to, from string) {
	if err := os.CopyFS(to, os.DirFS(from)); err != nil {
		j.t.Fatal(err)
	}
}

func (j *job) upload(name, path string) bool {
	found, err := filepath.Glob(filepath.Join(j.workspace, path, "*"))
	if err != nil {
		j.t.Fatal(err)
	}
	for _, file := range found {
		if info, err := os.Stat(file); err == nil && info.Size() == 0 {
			j.t.Errorf("%s is uploaded empty", file)
		}
		j.artifacts[name] = append(j.artifacts[name], filepath.Base(file))
	}
	return true
}

func (j *job) scan(folder string) bool {
	files, err := filepath.Glob(filepath.Join(j.workspace, folder, "*.sarif"))
	if err != nil {
		j.t.Fatal(err)
	}
	for _, file := range files {
		var log struct {
			Version string
			Runs    []struct{ Results []any }
		}
		if err := json.Unmarshal([]byte(read(j.t, file)), &log); err != nil || log.Version != "2.1.0" {
			j.t.Errorf("%s is not SARIF 2.1.0: version %q, %v", file, log.Version, err)
		}
		for _, run := range log.Runs {
			j.alerts += len(run.Results)
		}
	}
	return len(files) > 0
}

var expression = regexp.MustCompile(`\$\{\{ (.*?) \}\}`)

func (j *job) expand(text string) string {
	return expression.ReplaceAllStringFunc(text, func(e string) string {
		return j.value(expression.FindStringSubmatch(e)[1])
	})
}

// value evaluates a name or a literal.
func (j *job) value(name string) string {
	if strings.HasPrefix(name, "'") {
		return strings.Trim(name, "'")
	}
	part := strings.Split(name, ".")
	switch {
	case name == "github.action_path":
		path, err := filepath.Abs(".")
		if err != nil {
			j.t.Fatal(err)
		}
		return path
	case name == "runner.os":
		return "Linux"
	case name == "runner.arch":
		return "X64"
	case len(part) == 2 && part[0] == "inputs":
		if value, ok := j.inputs[part[1]]; ok {
			return value
		}
	case len(part) == 4 && part[0] == "steps" && part[2] == "outputs":
		if outputs, ok := j.steps[part[1]]; ok {
			return outputs[part[3]]
		}
	}
	j.t.Fatalf("%s names nothing", name)
	return ""
}

// condition evaluates what stands after `if`, a chain of &&.
func (j *job) condition(text string) bool {
	holds := !j.failed || strings.Contains(text, "always()")
	for term := range strings.SplitSeq(text, " && ") {
		if term == "" || term == "always()" {
			continue
		}
		if a, b, ok := strings.Cut(term, " == "); ok {
			holds = holds && j.value(a) == j.value(b)
		} else if a, b, ok := strings.Cut(term, " != "); ok {
			holds = holds && j.value(a) != j.value(b)
		} else {
			j.t.Fatalf("this runner cannot evaluate %q", term)
		}
	}
	return holds
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
