package bench

import (
	"fmt"
	"runtime"
	"time"

	"github.com/xferspec/xferspec/conformance/report"
	"github.com/xferspec/xferspec/spec"
)

func newResult(ed *spec.Edition, role spec.Role) *Result {
	return &Result{
		Schema: Schema, Edition: ed.Name, Role: role.String(), Started: time.Now(),
		Machine: Machine{OS: runtime.GOOS, Arch: runtime.GOARCH, CPUs: runtime.NumCPU()},
		Loads:   []Outcome{},
	}
}

// schedule says how often what is measured.
type schedule struct {
	targets  int
	repeat   int               // times, of each target
	latency  string            // that two targets are compared by
	progress func(text string) // may be nil
}

// measure puts all targets under one load after the other, and ends early where a
// sample fails. A sample that has something in it counts even then.
func (r *Result) measure(loads []Load, plan schedule, sample func(i int, load Load) (Sample, error)) {
	for _, load := range loads {
		if plan.progress != nil {
			plan.progress(load.String())
		}
		outcome := Outcome{Load: load}
		one := func(i int) func() error {
			return func() error {
				s, err := sample(i, load)
				if s.Target = i; err == nil || s.Files > 0 || s.Failed() > 0 {
					outcome.Samples = append(outcome.Samples, s)
				}
				return err
			}
		}
		err := plan.run(one)
		if len(outcome.Samples) > 0 {
			if plan.targets > 1 {
				outcome.compare(plan.latency)
			}
			r.Loads = append(r.Loads, outcome)
		}
		if err != nil {
			r.Reason = fmt.Sprintf("broken off at %s: %v", load, err)
			break
		}
	}
	r.DurationMs = time.Since(r.Started).Milliseconds()
}

// run measures the targets in turn.
func (plan schedule) run(one func(i int) func() error) error {
	if plan.targets > 1 {
		return Alternate(plan.repeat, one(0), one(1))
	}
	for range plan.repeat {
		if err := one(0)(); err != nil {
			return err
		}
	}
	return nil
}

// String returns "16 clients, 1 kB".
func (l Load) String() string {
	text := "1 client"
	if l.Clients > 1 {
		text = fmt.Sprintf("%d clients", l.Clients)
	}
	text += ", " + report.SizeText(int(l.Size))
	if l.Returning {
		text += ", returning"
	}
	return text
}
