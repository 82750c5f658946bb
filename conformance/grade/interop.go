package grade

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/xferspec/xferspec/conformance/config"
	"github.com/xferspec/xferspec/conformance/interop"
	"github.com/xferspec/xferspec/conformance/report"
	"github.com/xferspec/xferspec/harness/confine"
	"github.com/xferspec/xferspec/spec"
)

// What each client brings to each server, and how long that may take.
var (
	interopSizes = []config.Size{1000, 20_000}
	interopLimit = 30
)

// Cells returns what is to be tried so that each client of the class meets each
// server, but for those that were not run.
func (r *Runner) Cells(class *Class, sheet *Sheet) []interop.Cell {
	m := config.Matrix{Editions: []string{class.Edition}, Files: interopSizes, Plans: []config.Plan{{Name: "no faults"}}, Timeout: interopLimit}
	for _, s := range class.Submissions {
		for role, list := range map[spec.Role]*[]config.Implementation{spec.Server: &m.Servers, spec.Client: &m.Clients} {
			if t := s.Targets[role]; t != nil && sheet.ran(s.Name, role.String()) {
				*list = append(*list, config.Implementation{Name: s.Name, Target: r.at(s.Path, t)})
			}
		}
	}
	return interop.Cells(&m, "")
}

// at returns a target of a submission with the folders that this process means.
func (r *Runner) at(path string, t *config.Target) config.Target {
	target := *t
	if len(target.Run) > 0 {
		target.Dir = filepath.Join(path, target.Dir)
		if r.Isolation == Container {
			target.Image = r.Image
		}
	}
	if target.Build != "" {
		target.Build = filepath.Join(path, target.Build)
	}
	return target
}

// ran says whether a role of a submission came to a verdict.
func (s *Sheet) ran(name, role string) bool {
	return slices.ContainsFunc(s.Submissions, func(l Line) bool {
		return l.Name == name && slices.ContainsFunc(l.Roles, func(p Part) bool { return p.Role == role && p.Outcome != NotRun })
	})
}

// Meet tries the cells, some at a time. Ended is called with the number of those
// that have ended, one call at a time.
func (r *Runner) Meet(ctx context.Context, cells []interop.Cell, ended func(n int)) []report.Cell {
	outcomes := make([]report.Cell, len(cells))
	slots := make(chan int, r.Jobs)
	for i := range r.Jobs {
		slots <- i
	}
	var running sync.WaitGroup
	var mu sync.Mutex
	n := 0
	for i, cell := range cells {
		slot := <-slots
		running.Go(func() {
			defer func() { slots <- slot }()
			if ctx.Err() != nil {
				outcomes[i] = cell.Outcome(report.NotRun, "interrupted")
				return
			}
			outcomes[i] = r.meet(ctx, cell, slot)
			mu.Lock()
			defer mu.Unlock()
			n++
			ended(n)
		})
	}
	running.Wait()
	return outcomes
}

// meet tries one cell. Client and server are different users of one room.
func (r *Runner) meet(ctx context.Context, cell interop.Cell, slot int) report.Cell {
	failed := func(err error) report.Cell {
		return cell.Outcome(report.NotRun, "the process of this cell failed: "+err.Error())
	}
	for role, t := range map[string]config.Implementation{"server": cell.Server, "client": cell.Client} {
		if len(t.Compile) > 0 {
			return cell.Outcome(report.NotRun, "the "+role+" has to be compiled, which is not done for meetings")
		}
	}
	temp, err := os.MkdirTemp("", "xferspec-grade-*")
	if err != nil {
		return failed(err)
	}
	defer func() { _ = os.RemoveAll(temp) }()
	contained := func(i config.Implementation) bool { return i.Image != "" || i.Build != "" }
	command := !contained(cell.Server) && !contained(cell.Client)
	box := func(i config.Implementation, slot int) *confine.Box {
		if r.Isolation == None && !contained(i) {
			return nil
		}
		return r.Box(slot, "")
	}
	cell.ServerBox, cell.ClientBox = box(cell.Server, 2*slot), box(cell.Client, 2*slot+1)
	what, err := json.Marshal(cell)
	if err != nil {
		return failed(err)
	}
	ctx, cancel := context.WithTimeout(ctx, cell.Limit+suiteGrace)
	defer cancel()
	var stdout, stderr bytes.Buffer
	cmd := exec.CommandContext(ctx, "", "matrix", "--cell", string(what))
	cmd.Dir, cmd.Stdout, cmd.Stderr = temp, &stdout, &stderr
	err = r.runHere(cmd, temp, command, []string{cell.Server.Dir, cell.Client.Dir}, nil)
	var outcome report.Cell
	if decodeErr := json.Unmarshal(stdout.Bytes(), &outcome); decodeErr != nil {
		return failed(errors.Join(err, errors.New(strings.TrimSpace(stderr.String()))))
	}
	return outcome
}

// Met makes a matrix of the cells.
func Met(suite report.Suite, cells []report.Cell, took time.Duration) *report.Matrix {
	m := &report.Matrix{Suite: suite, Cells: cells, DurationMs: took.Milliseconds()}
	m.Finish()
	return m
}
