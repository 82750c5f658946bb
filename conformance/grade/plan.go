package grade

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"text/template"
)

// Plan is what an engine needs to know to grade a class on many machines.
type Plan struct {
	Folder string   // with the class, in the repository or on the volume
	Shards int      // machines
	Args   []string // further flags of 'xferspec grade'
	Jobs   int      // submissions at a time on each machine
	Module string   // what 'go install' installs
	Image  string   // container image with xferspec and what submissions need
	Base   string   // the one with xferspec alone
}

var (
	//go:embed plan-github.yaml.tmpl
	githubPlan string
	//go:embed plan-kubernetes.yaml.tmpl
	kubernetesPlan string

	plans = map[string]*template.Template{
		"github":     newPlan("github", githubPlan),
		"kubernetes": newPlan("kubernetes", kubernetesPlan),
	}
)

// newPlan takes other brackets than usual: GitHub has those.
func newPlan(name, text string) *template.Template {
	return template.Must(template.New(name).Delims("[[", "]]").Funcs(template.FuncMap{
		// JSON is YAML, whatever a value holds.
		"quote": func(v any) (string, error) {
			text, err := json.Marshal(v)
			return string(text), err
		},
		"indexes": func(n int) []int {
			all := make([]int, n)
			for i := range all {
				all[i] = i + 1
			}
			return all
		},
	}).Parse(text))
}

// Write writes the plan for an engine: github or kubernetes.
func (p *Plan) Write(w io.Writer, engine string) error {
	plan, ok := plans[engine]
	if !ok {
		return fmt.Errorf("--plan %q: it is github or kubernetes", engine)
	}
	return plan.Execute(w, p)
}

// GradeArgs are the arguments of a pod.
func (p *Plan) GradeArgs() []string {
	return slices.Concat([]string{"grade", p.Folder}, p.Args, []string{
		"--jobs", fmt.Sprint(p.Jobs), "--shard", fmt.Sprintf("job/%d", p.Shards), "--out", "/grades/shard-{shard}",
	})
}

// MergeArgs are the arguments of the pod that joins the results.
func (p *Plan) MergeArgs() []string {
	args := append([]string{"grade", p.Folder}, p.Args...)
	for i := range p.Shards {
		args = append(args, "--merge", fmt.Sprintf("/grades/shard-%d", i+1))
	}
	return append(args, "--out", "/grades/class")
}

// Memory is what a pod may take at most, in GiB: a program and its files in
// memory, for each submission at a time.
func (p *Plan) Memory() int { return 2*p.Jobs + 1 }
