package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/xferspec/xferspec/conformance/internal/ending"
	"github.com/xferspec/xferspec/conformance/report"
)

// A plan is shared among workers: processes of this program that each have an
// instance of the target and run a part of the cases, since cases can be run
// only once in a process. A worker prints a line for every case that ended, and
// in the end one with its report.

// workerLine is a line of a worker's output; one of the fields is set.
type workerLine struct {
	Case   *report.Case   `json:"case,omitempty"`
	Report *report.Report `json:"report,omitempty"`
}

// workerArgs returns the arguments of a worker, but for the cases that it runs.
func (f *testFlags) workerArgs(role string, command []string) func(ids []string) []string {
	return func(ids []string) []string {
		args := []string{
			"test", role, "--worker", "--edition", f.edition,
			"--timeout-scale", strconv.FormatFloat(f.timeScale, 'g', -1, 64),
			"--strict=" + strconv.FormatBool(f.strict), "--dir", f.dir, "--image", f.image, "--build", f.build,
			"--case", strings.Join(ids, ","),
		}
		return slices.Concat(args, f.early(), f.box.args(), f.traces.args(), []string{"--"}, command)
	}
}

// early returns the flag of a worker that is to listen whether it shall end early.
func (f *testFlags) early() []string {
	if f.failFast {
		return []string{"--fail-fast"}
	}
	return nil
}

// share runs the plan in n workers and joins their reports. Without a report,
// the error is that of a target that cannot be used.
func (p *plan) share(ctx context.Context, n int, args func(ids []string) []string, done func(report.Case)) (*report.Report, error) {
	parts := p.parts(n)
	reports, errs := make([]*report.Report, len(parts)), make([]error, len(parts))
	var workers sync.WaitGroup
	var mu sync.Mutex
	for i, ids := range parts {
		workers.Go(func() {
			reports[i], errs[i] = runWorker(ctx, p.brake, args(ids), func(c report.Case) {
				mu.Lock()
				defer mu.Unlock()
				done(c)
			})
		})
	}
	workers.Wait()
	if err := errors.Join(errs...); err != nil {
		if ctx.Err() != nil {
			return nil, exit(report.ExitIncomplete, errors.New("the run was interrupted before it had begun"))
		}
		return nil, errs[firstError(errs)]
	}
	return p.join(reports)
}

func firstError(errs []error) int {
	for i, err := range errs {
		if err != nil {
			return i
		}
	}
	return 0
}

// parts deals the cases that can be run out to at most n workers.
func (p *plan) parts(n int) [][]string {
	ids := p.runnable()
	parts := make([][]string, min(n, len(ids)))
	for i, id := range ids {
		parts[i%len(parts)] = append(parts[i%len(parts)], id)
	}
	return parts
}

// runnable returns the ids of the selected cases that apply.
func (p *plan) runnable() []string {
	var ids []string
	for _, c := range p.cases {
		if c.NotApplicable == "" && !c.Silent {
			ids = append(ids, c.ID)
		}
	}
	return ids
}

// join makes one report of the workers', with the cases that none of them ran.
func (p *plan) join(reports []*report.Report) (*report.Report, error) {
	rest := *reports[0]
	rest.Cases = nil
	ran := map[string]bool{}
	for _, r := range reports {
		for _, c := range r.Cases {
			ran[c.ID] = true
		}
	}
	for _, c := range p.cases {
		if !ran[c.ID] && !c.Silent {
			rest.Cases = append(rest.Cases, c.Unrun("the worker ended before this case"))
		}
	}
	return report.Merge(p.order, append(reports, &rest)...)
}

// runWorker runs one worker to its end.
func runWorker(ctx context.Context, brake *brake, args []string, done func(report.Case)) (*report.Report, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("find this program: %w", err)
	}
	cmd := exec.CommandContext(ctx, self, args...)
	ending.InOrder(cmd, 10*time.Second)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	stdin, inErr := cmd.StdinPipe()
	stdout, err := cmd.StdoutPipe()
	if err := errors.Join(inErr, err); err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("start a worker: %w", err)
	}
	ended := make(chan struct{})
	defer close(ended)
	go brake.order(stdin, ended)
	var r *report.Report
	for lines := json.NewDecoder(stdout); ; {
		var line workerLine
		if err := lines.Decode(&line); err != nil {
			break // the end of its output, or of its sense
		}
		if line.Case != nil {
			done(*line.Case)
		}
		r = line.Report
	}
	err = cmd.Wait()
	if r == nil {
		if text := strings.TrimPrefix(strings.TrimSpace(stderr.String()), "xferspec: "); text != "" {
			return nil, errors.New(text)
		}
		return nil, fmt.Errorf("a worker ended without a report: %w", err)
	}
	return r, nil
}
