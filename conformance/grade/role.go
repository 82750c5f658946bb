package grade

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/xferspec/xferspec/conformance"
	"github.com/xferspec/xferspec/conformance/config"
	"github.com/xferspec/xferspec/conformance/internal/ending"
	"github.com/xferspec/xferspec/conformance/report"
	"github.com/xferspec/xferspec/harness/confine"
	"github.com/xferspec/xferspec/spec"
)

// suiteGrace is how long the suite may take to end when its time is up.
const suiteGrace = 20 * time.Second

// targetJobs is how many instances of a server, or runs of a client, go on at a
// time in one run of the suite. A client's mostly wait.
var targetJobs = map[spec.Role]int{spec.Server: 1, spec.Client: 4}

// role runs the suite on one role of a submission and keeps the reports in a folder.
func (r *Runner) role(ctx context.Context, s Submission, role spec.Role, t *config.Target, slot int, folder string) (RoleResult, error) {
	if r.Isolation == Container && len(t.Compile) > 0 {
		return RoleResult{Outcome: NotRun, Reason: noPlace}, nil
	}
	target := *t
	if r.Isolation == Container && len(target.Run) > 0 {
		target.Image = r.Image
	}
	temp, err := os.MkdirTemp("", "xferspec-grade-*")
	if err != nil {
		return RoleResult{}, err
	}
	defer func() { _ = os.RemoveAll(temp) }()
	log := filepath.Join(folder, ".limits")
	defer func() { _ = os.Remove(log) }()
	var box *confine.Box
	if r.Isolation != None || target.Image != "" || target.Build != "" {
		box = r.Box(slot, log)
	}
	args := r.suiteArgs(role, &target, box, folder)
	limit := r.Time
	if len(t.Compile) > 0 {
		limit += r.Compile
	}
	limited, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	var stderr bytes.Buffer
	cmd := exec.CommandContext(limited, "", args...)
	cmd.Dir, cmd.Stderr = s.Path, &stderr
	err = r.runHere(cmd, temp, target.Image == "" && target.Build == "", []string{s.Path}, []string{folder})
	if ctx.Err() != nil {
		return RoleResult{}, ctx.Err()
	}
	if _, ended := errors.AsType[*exec.ExitError](err); err != nil && !ended {
		return RoleResult{}, fmt.Errorf("run the suite: %w", err)
	}
	words := strings.TrimPrefix(strings.TrimSpace(stderr.String()), "xferspec: ")
	of := judgeRole(filepath.Join(folder, role.String()+".json"), words)
	if !of.Report && cmd.ProcessState.ExitCode() == report.ExitFault {
		return of, errors.New(words) // nothing that would be the submission's
	}
	if limited.Err() != nil && of.Outcome != NotRun {
		of.Outcome, of.Reason = Incomplete, fmt.Sprintf("its time was up, after %s", limit)
	}
	if !of.Report {
		for _, form := range []string{"json", "html"} { // they were made, and stayed empty
			_ = os.Remove(filepath.Join(folder, role.String()+"."+form))
		}
	}
	of.Limits, err = readLimits(log)
	return of, err
}

// suiteArgs returns the command line by which this program tests a target. Paths
// of the submission begin at its folder, so that its author can repeat it.
func (r *Runner) suiteArgs(role spec.Role, t *config.Target, box *confine.Box, folder string) []string {
	path := func(form string) string { return filepath.Join(folder, role.String()+"."+form) }
	args := []string{
		"test", role.String(), "--jobs", strconv.Itoa(targetJobs[role]), "--json", path("json"), "--html", path("html"),
	}
	if r.Edition != spec.DefaultEdition {
		args = append(args, "--edition", r.Edition)
	}
	if r.Requirements != "" && r.Requirements != conformance.Next {
		args = append(args, "--requirements", r.Requirements)
	}
	if r.TimeScale != 1 {
		args = append(args, "--timeout-scale", strconv.FormatFloat(r.TimeScale, 'g', -1, 64))
	}
	if r.Strict {
		args = append(args, "--strict")
	}
	if r.Known != "" {
		args = append(args, "--known-failures", r.Known)
	}
	if len(r.Cases) > 0 {
		args = append(args, "--case", strings.Join(CasesOf(role, r.Cases), ","))
	}
	if box != nil {
		args = append(args, "--box", box.String())
	}
	if c := r.compileOf(t); c != nil {
		args = append(args, "--compile", c.String())
	}
	dir := t.Dir
	if dir == "" && len(t.Run) > 0 {
		dir = "."
	}
	for _, flag := range []struct{ name, value string }{{"--dir", dir}, {"--image", t.Image}, {"--build", t.Build}} {
		if flag.value != "" {
			args = append(args, flag.name, flag.value)
		}
	}
	if len(t.Run) > 0 {
		args = append(append(args, "--"), t.Run...)
	}
	return args
}

// CasesOf returns those of the ids that are of cases for a role.
func CasesOf(role spec.Role, ids []string) []string {
	prefix := map[spec.Role]string{spec.Server: "SRV-", spec.Client: "CLT-"}[role]
	return slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return !strings.HasPrefix(id, prefix) })
}

// runHere runs this program in a process group of its own and, if the sandbox is
// wanted, in a room.
func (r *Runner) runHere(cmd *exec.Cmd, temp string, command bool, readable, writable []string) error {
	self, err := os.Executable()
	if err != nil {
		return fmt.Errorf("find this program: %w", err)
	}
	cmd.Path, cmd.Args[0], cmd.Err = self, self, nil
	ending.InOrder(cmd, suiteGrace)
	if r.Isolation == Sandbox && command {
		if r.Known != "" {
			readable = append(readable, r.Known)
		}
		room := confine.Room{Temp: temp, Disk: r.Disk, Readable: slices.Concat(readable, r.Readable), Writable: writable}
		if err := room.Prepare(cmd); err != nil {
			return err
		}
	} else {
		cmd.Env = append(os.Environ(), "TMPDIR="+temp)
		cmd.SysProcAttr = ownGroup()
	}
	// Linux ends a program with the thread that has started it.
	ended := make(chan error)
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		ended <- cmd.Run()
	}()
	return <-ended
}

// judgeRole reads what the suite has left: a report, or words.
func judgeRole(path, words string) RoleResult {
	info, err := os.Stat(path)
	if err != nil || info.Size() == 0 {
		return RoleResult{Outcome: NotRun, Reason: words}
	}
	rep, err := report.Read(path)
	if err != nil {
		return RoleResult{Outcome: NotRun, Reason: err.Error(), Fault: true}
	}
	of := RoleResult{Report: true, Reason: rep.Reason, Outcome: map[report.Verdict]Outcome{
		report.Conformant: Conformant, report.NonConformant: NonConformant, report.Incomplete: Incomplete,
	}[rep.Verdict]}
	switch {
	case rep.Counts.Judged() == 0:
		of.Outcome = NotRun
	case rep.Fault != "":
		of.Outcome, of.Fault, of.Reason = Incomplete, true, "fault of the suite: "+rep.Fault
	case rep.Reason != "":
		of.Outcome = Incomplete
	}
	return of
}

// readLimits returns the lines of a box's log, each once.
func readLimits(log string) ([]string, error) {
	text, err := os.ReadFile(log)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	var all []string
	for line := range strings.Lines(string(text)) {
		if line = strings.TrimSpace(line); !slices.Contains(all, line) {
			all = append(all, line)
		}
	}
	slices.Sort(all)
	return all, err
}
