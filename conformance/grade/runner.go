package grade

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/xferspec/xferspec/conformance/config"
	"github.com/xferspec/xferspec/harness/confine"
)

// Isolation is what keeps a submission from the machine.
type Isolation string

// The kinds of isolation. What a submission has in a container of its own anyway
// stays there.
const (
	Sandbox   Isolation = "sandbox"   // package confine
	Container Isolation = "container" // the command runs in a container of an image
	None      Isolation = "none"      // a process group and a time limit
)

// Settings say how submissions are run. Those that differ make another result.
type Settings struct {
	Edition string `json:"edition"`
	// Requirements are the set of cases by which everybody is judged.
	Requirements string `json:"requirements,omitempty"`

	Strict    bool           `json:"strict"`
	Isolation Isolation      `json:"isolation"`
	Image     string         `json:"image,omitempty"` // for Container
	Limits    confine.Limits `json:"limits"`
	Disk      int64          `json:"disk"`    // for all files of a submission at a time, in bytes
	Time      time.Duration  `json:"time"`    // for one role of a submission
	Compile   time.Duration  `json:"compile"` // for compiling one role
	TimeScale float64        `json:"timeScale"`
	Readable  []string       `json:"readable,omitempty"` // absolute paths
	Known     string         `json:"known,omitempty"`    // file with failures that are excused
	Suite     string         `json:"suite"`              // version and digest of the requirements
	Cases     []string       `json:"cases,omitempty"`    // the only ones that are run; nil for all
}

// Runner runs submissions and keeps what comes of it in a folder.
type Runner struct {
	Settings
	Out  string // absolute
	Jobs int
	// Ended is called when a submission's result is there, one call at a time.
	// Anew is false where the result of an earlier run serves.
	Ended func(g *Graded, anew bool)
}

// Folder returns where the result of a submission is kept.
func Folder(out, name string) string { return filepath.Join(out, "submissions", name) }

// Run makes sure that every submission has a result, some at a time; again
// makes them all anew. When ctx ends, what is complete stays, and ctx's error is
// returned. Any other error is one of this machine.
func (r *Runner) Run(ctx context.Context, class *Class, again bool) error {
	if err := os.MkdirAll(filepath.Join(r.Out, "submissions"), 0o755); err != nil { //nolint:gosec // for whoever may read the grades
		return err
	}
	slots := make(chan int, r.Jobs)
	for i := range r.Jobs {
		slots <- i
	}
	var running sync.WaitGroup
	var mu sync.Mutex
	var errs []error
	for _, s := range class.Submissions {
		slot := <-slots
		if ctx.Err() != nil {
			break
		}
		running.Go(func() {
			defer func() { slots <- slot }()
			g, anew, err := r.one(ctx, s, slot, again)
			mu.Lock()
			defer mu.Unlock()
			if err != nil {
				if ctx.Err() == nil {
					errs = append(errs, fmt.Errorf("%s: %w", s.Name, err))
				}
				return
			}
			r.Ended(g, anew)
		})
	}
	running.Wait()
	return errors.Join(append(errs, ctx.Err())...)
}

// one returns the result of a submission, which it runs if need be.
func (r *Runner) one(ctx context.Context, s Submission, slot int, again bool) (g *Graded, anew bool, err error) {
	content, reason, err := inspect(s.Path, r.Disk/4)
	if err != nil {
		return nil, false, err
	}
	if s.Reason == "" {
		s.Reason = reason
	}
	digest, err := r.digest(s, content)
	if err != nil {
		return nil, false, err
	}
	folder := Folder(r.Out, s.Name)
	if g, err := readResult(folder); err == nil && g.Digest == digest && !again {
		return g, false, nil
	} else if err != nil && !errors.Is(err, fs.ErrNotExist) && !again {
		return nil, false, err
	}
	partial, err := os.MkdirTemp(filepath.Join(r.Out, "submissions"), ".partial-*")
	if err != nil {
		return nil, false, err
	}
	defer func() { _ = os.RemoveAll(partial) }()
	if err := os.Chmod(partial, 0o755); err != nil { //nolint:gosec // for whoever may read the grades
		return nil, false, err
	}
	result := &Result{Name: s.Name, Digest: digest, Reason: s.Reason, Roles: map[string]RoleResult{}, Cases: r.Cases, Started: time.Now()}
	for _, role := range Roles {
		if t := s.Targets[role]; t != nil && s.Reason == "" {
			of, err := r.role(ctx, s, role, t, slot, partial)
			if err != nil {
				return nil, false, err
			}
			result.Roles[role.String()] = of
		}
	}
	result.DurationMs = time.Since(result.Started).Milliseconds()
	if err := complete(partial, folder, result); err != nil {
		return nil, false, err
	}
	g, err = readResult(folder)
	return g, true, err
}

// digest is that of all that a result depends on.
func (r *Runner) digest(s Submission, content string) (string, error) {
	targets := map[string]*config.Target{}
	for role, t := range s.Targets {
		targets[role.String()] = t
	}
	known := ""
	if r.Known != "" {
		text, err := os.ReadFile(r.Known)
		if err != nil {
			return "", err
		}
		known = string(text)
	}
	text, err := json.Marshal([]any{r.Settings, targets, s.compiles(), s.Reason, content, known})
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(text)
	return "sha256:" + hex.EncodeToString(sum[:]), nil
}

// Box returns the box for the programs of a submission. Those that run at the
// same time are of different users; nothing is left of one when the next begins.
func (r *Runner) Box(slot int, log string) *confine.Box {
	box := &confine.Box{Limits: r.Limits, Readable: r.Readable, Log: log}
	if confine.HasUsers() {
		box.UID = confine.FirstUID + slot
	}
	return box
}
