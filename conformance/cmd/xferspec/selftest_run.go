package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/xferspec/xferspec/conformance/internal/ending"
	"github.com/xferspec/xferspec/conformance/mutants"
	"github.com/xferspec/xferspec/conformance/report"
	"github.com/xferspec/xferspec/conformance/selftest"
	"github.com/xferspec/xferspec/spec"
)

// mutantScale shortens the time limits of the runs on mutants: many are found out
// by their silence, and the reference, which they are made of, is quick. Nobody is
// hurt if one is accused of more than it did.
const mutantScale = 0.3

// mutantJobs is how many instances of a server, or runs of a client, go on at a time
// in one run of the suite. A client's mostly wait.
var mutantJobs = map[spec.Role]int{spec.Server: 1, spec.Client: 4}

// Limits of one run: how long it may take, and then to end.
const (
	suiteLimit = 5 * time.Minute
	suiteGrace = 20 * time.Second
)

// mutantRun runs the suite on a mutant, and a second time on the cases that it got
// past although they are on record: on a busy machine it may be late in showing what
// it does.
func mutantRun(ctx context.Context, t *selftest.Trial, m mutants.Mutant) selftest.Run {
	run := suiteOn(ctx, m.Role, m.ID, t.CasesFor(m), mutantScale)
	if run.Err != nil {
		return run
	}
	if lost := t.Lost(m, run.Report); len(lost) > 0 {
		run.Again, _ = suiteReport(ctx, m.Role, m.ID, lost, mutantScale) // without it they stay lost
	}
	return run
}

// suiteOn runs the suite, in a process of its own, on a mutant or a variation: on
// all cases, or on those that are named.
func suiteOn(ctx context.Context, role spec.Role, id string, cases []string, scale float64) selftest.Run {
	r, err := suiteReport(ctx, role, id, cases, scale)
	return selftest.Run{Report: r, Err: err}
}

func suiteReport(ctx context.Context, role spec.Role, id string, cases []string, scale float64) (*report.Report, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("find this program: %w", err)
	}
	temp := quickTemp()
	folder, err := os.MkdirTemp(temp, "xferspec-selftest-*")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(folder) }()
	file := filepath.Join(folder, "report.json")
	args := []string{"test", role.String(), "--jobs", strconv.Itoa(mutantJobs[role]), "--timeout-scale", strconv.FormatFloat(scale, 'g', -1, 64), "--json", file, "--undigested"}
	if len(cases) > 0 {
		args = append(args, "--case", strings.Join(cases, ","))
	}
	ctx, cancel := context.WithTimeout(ctx, suiteLimit)
	defer cancel()
	cmd := exec.CommandContext(ctx, self, append(args, "--", self, "mutant", role.String(), id)...)
	cmd.Dir = folder
	if temp != "" {
		cmd.Env = append(os.Environ(), "TMPDIR="+temp)
	}
	ending.InOrder(cmd, suiteGrace)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	err = cmd.Run()
	if _, ended := errors.AsType[*exec.ExitError](err); err != nil && !ended {
		return nil, fmt.Errorf("run the suite: %w", err)
	}
	if ctx.Err() != nil {
		return nil, fmt.Errorf("the suite was ended: %w", context.Cause(ctx))
	}
	r, readErr := report.Read(file)
	if readErr != nil {
		return nil, errors.Join(errors.New(strings.TrimSpace(stderr.String())), readErr)
	}
	return r, nil
}
