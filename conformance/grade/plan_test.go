package grade

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	batch "k8s.io/api/batch/v1"
	core "k8s.io/api/core/v1"
	k8s "sigs.k8s.io/yaml"
)

func written(t *testing.T, engine string) string {
	t.Helper()
	p := Plan{Folder: "class of '26", Shards: 3, Args: []string{"--template=a b.yaml", `--rubric="$(id)`}, Jobs: 2, Module: "m@v1", Image: "i:1", Base: "x:1"}
	var text bytes.Buffer
	check(t, p.Write(&text, engine))
	return text.String()
}

// TestKubernetesPlan decodes the manifests into the API's own types, which know
// every field there is.
func TestKubernetesPlan(t *testing.T) {
	var jobs []batch.Job
	documents := strings.Split(written(t, "kubernetes"), "\n---\n")
	var files core.Pod
	check(t, k8s.UnmarshalStrict([]byte(documents[len(documents)-1]), &files))
	for _, document := range documents[:len(documents)-1] {
		var job batch.Job
		check(t, k8s.UnmarshalStrict([]byte(document), &job))
		jobs = append(jobs, job)
	}
	if len(jobs) != 2 {
		t.Fatalf("%d jobs", len(jobs))
	}
	run, merge := jobs[0], jobs[1]
	if run.Kind != "Job" || run.APIVersion != "batch/v1" || *run.Spec.CompletionMode != batch.IndexedCompletion || *run.Spec.Completions != 3 || *run.Spec.Parallelism != 3 {
		t.Errorf("%+v", run.Spec)
	}
	pod := run.Spec.Template.Spec
	want := []string{"grade", "class of '26", "--template=a b.yaml", `--rubric="$(id)`, "--jobs", "2", "--shard", "job/3", "--out", "/grades/shard-{shard}"}
	if got := pod.Containers[0].Args; !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
	// What a policy about exit statuses and a limit for each index demand of a Job.
	if pod.RestartPolicy != core.RestartPolicyNever || run.Spec.BackoffLimitPerIndex == nil || run.Spec.PodFailurePolicy == nil || *pod.HostUsers {
		t.Errorf("%+v", pod)
	}
	for _, rule := range run.Spec.PodFailurePolicy.Rules {
		if rule.OnExitCodes != nil && *rule.OnExitCodes.ContainerName != pod.Containers[0].Name {
			t.Errorf("%+v", rule)
		}
	}
	if args := merge.Spec.Template.Spec.Containers[0].Args; !slices.Contains(args, "/grades/shard-3") || slices.Contains(args, "/grades/shard-4") || !*merge.Spec.Suspend {
		t.Errorf("%q", args)
	}
	// Whoever writes into a volume has to be the same user everywhere, and what
	// waits for the class has to be started by hand.
	for _, pod := range []core.PodSpec{run.Spec.Template.Spec, merge.Spec.Template.Spec, files.Spec} {
		if user := pod.Containers[0].SecurityContext.RunAsUser; user == nil || *user != 0 || pod.HostUsers == nil || *pod.HostUsers || pod.Containers[0].Image != "i:1" {
			t.Errorf("%+v", pod)
		}
	}
	if !*run.Spec.Suspend || files.Spec.Containers[0].VolumeMounts[0].ReadOnly || files.Spec.Volumes[0].PersistentVolumeClaim.ReadOnly {
		t.Errorf("the class cannot be brought in: %+v", files.Spec)
	}
	for _, job := range jobs {
		volumes := map[string]bool{}
		for _, v := range job.Spec.Template.Spec.Volumes {
			volumes[v.Name] = true
		}
		for _, m := range job.Spec.Template.Spec.Containers[0].VolumeMounts {
			if !volumes[m.Name] {
				t.Errorf("volume %s is mounted, but not there", m.Name)
			}
		}
	}
}

// workflow is what of GitHub's workflows is looked at here.
type workflow struct {
	Env  map[string]string `yaml:"env"`
	Jobs map[string]struct {
		Strategy struct {
			Matrix map[string][]int `yaml:"matrix"`
		} `yaml:"strategy"`
		Steps []struct {
			Name string            `yaml:"name"`
			Env  map[string]string `yaml:"env"`
			Run  string            `yaml:"run"`
		} `yaml:"steps"`
	} `yaml:"jobs"`
}

// TestGitHubPlan runs the steps that call this program, in the environment that
// a runner would give them, with a stand-in that writes down how it was called.
func TestGitHubPlan(t *testing.T) {
	var w workflow
	text := written(t, "github")
	check(t, yaml.Unmarshal([]byte(text), &w))
	if n := strings.Count(text, "go install m@v1"); n != 1 {
		t.Errorf("xferspec is made %d times, which need not be the same", n)
	}
	if got := w.Jobs["grade"].Strategy.Matrix["shard"]; !slices.Equal(got, []int{1, 2, 3}) {
		t.Errorf("%v", got)
	}
	var flags []string
	check(t, json.Unmarshal([]byte(w.Env["FLAGS"]), &flags))
	for _, test := range []struct {
		job, step string
		status    string // of the stand-in
		want      []string
		fails     bool
	}{
		{"grade", "Grade", "3", append(append([]string{"grade", "class of '26"}, flags...), "--jobs", "2", "--shard", "2/3", "--out", "grades-2"), false},
		{"grade", "Grade", "4", nil, true},
		{"merge", "Merge", "1", append(append([]string{"grade", "class of '26"}, flags...), "--merge", "shards/grades-1,shards/grades-2", "--out", "grades"), false},
		{"merge", "Merge", "2", nil, true},
	} {
		dir := t.TempDir()
		stand := func(name, text string) {
			check(t, os.WriteFile(filepath.Join(dir, name), []byte("#!/bin/bash\n"+text), 0o755))
		}
		stand("xferspec", `printf '%s\0' "$@" > called; exit `+test.status)
		stand("sudo", `if [ "$1" = chown ]; then exit; fi; exec "$@"`)
		stand("jq", `exec python3 -c 'import json,sys
for word in json.load(sys.stdin): print(word)'`)
		check(t, os.MkdirAll(filepath.Join(dir, "shards", "grades-1"), 0o755))
		check(t, os.MkdirAll(filepath.Join(dir, "shards", "grades-2"), 0o755))
		for _, step := range w.Jobs[test.job].Steps {
			if step.Name != test.step {
				continue
			}
			cmd := exec.CommandContext(t.Context(), "bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step.Run)
			cmd.Dir = dir
			cmd.Env = append(os.Environ(), "PATH="+dir+":"+os.Getenv("PATH"), "SHARD="+strings.Replace(step.Env["SHARD"], "${{ matrix.shard }}", "2", 1),
				"CLASS="+w.Env["CLASS"], "FLAGS="+w.Env["FLAGS"], "GITHUB_STEP_SUMMARY="+filepath.Join(dir, "summary"), "USER=me")
			output, err := cmd.CombinedOutput()
			if (err != nil) != test.fails {
				t.Errorf("%s: %v\n%s", step.Name, err, output)
			}
			called, err := os.ReadFile(filepath.Join(dir, "called"))
			check(t, err)
			if got := strings.Split(strings.TrimSuffix(string(called), "\x00"), "\x00"); test.want != nil && !slices.Equal(got, test.want) {
				t.Errorf("%s calls %q", step.Name, got)
			}
		}
	}
}
