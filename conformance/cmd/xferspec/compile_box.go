package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"sync"
	"syscall"

	"github.com/xferspec/xferspec/conformance/grade"
	"github.com/xferspec/xferspec/conformance/report"
	"github.com/xferspec/xferspec/harness/confine"
	"github.com/xferspec/xferspec/harness/target"
)

// compileFlag says by what a target is to be made before it is tested, as JSON;
// nothing without the flag.
type compileFlag struct{ grade.Compile }

// Set reads what String writes.
func (f *compileFlag) Set(text string) error { return json.Unmarshal([]byte(text), &f.Compile) }

// String returns it as JSON.
func (f *compileFlag) String() string {
	if len(f.Commands) == 0 {
		return ""
	}
	return f.Compile.String()
}

// Type is what the help calls the value.
func (f *compileFlag) Type() string { return "JSON" }

// make compiles the target in a copy of this folder, which is this process's from
// then on. Away removes it.
func (f *testFlags) make(ctx context.Context) (away func(), err error) {
	if len(f.compile.Commands) == 0 {
		return func() {}, nil
	}
	dir, err := target.Copy(ctx, ".")
	if err != nil {
		return nil, err
	}
	away = func() { _ = os.RemoveAll(dir) }
	if err := f.makeIn(ctx, dir); err != nil {
		away()
		return nil, err
	}
	return away, os.Chdir(dir)
}

func (f *testFlags) makeIn(ctx context.Context, dir string) error {
	failed := func(format string, args ...any) error {
		return exit(report.ExitIncomplete, fmt.Errorf("it could not be compiled: "+format, args...))
	}
	_, err := os.Lstat(filepath.Join(dir, ".cache"))
	cached := err == nil
	if err := f.box.Own(dir); err != nil {
		return exit(report.ExitFault, err)
	}
	limited, cancel := context.WithTimeoutCause(ctx, f.compile.Limit, fmt.Errorf("all that compiles it has %s", f.compile.Limit))
	defer cancel()
	if err := compile(limited, f.compile.Commands, dir, f.box.Box); err != nil {
		return failed("%w", err)
	}
	if !cached { // its home is its folder, and what compilers keep there is large
		_ = os.RemoveAll(filepath.Join(dir, ".cache"))
	}
	// What comes of it is a stranger's as well, and about to be copied.
	switch reason, err := grade.Inspect(dir, f.compile.Size); {
	case err != nil:
		return failed("what comes of it cannot be read: %w", err)
	case reason != "":
		return failed("of what comes of it: %s", reason)
	}
	if _, err := os.Stat(filepath.Join(dir, f.dir)); err != nil {
		return failed("there is no folder %s afterwards", f.dir)
	}
	return nil
}

// runBoxed runs a command in the box, if there is one. Its output goes to a tail;
// stop ends it when that is more than the box allows.
func runBoxed(cmd *exec.Cmd, box *confine.Box, output *tail, stop func()) error {
	if box == nil || cmd.Err != nil {
		return cmd.Run()
	}
	reached := func(limit string) {
		fmt.Fprintf(output, "\n[xferspec: %s]\n", limit)
		if err := box.Note("while it was compiled: " + limit); err != nil {
			fmt.Fprintf(output, "[xferspec: %v]\n", err)
		}
	}
	output.most, output.over = box.Limits.Output, stop
	confined, err := box.Prepare(cmd)
	if err != nil {
		return exit(report.ExitFault, err)
	}
	// Linux ends a program with the thread that has started it.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if err := cmd.Start(); err != nil {
		confined.Ended()
		return exit(report.ExitFault, err)
	}
	started := confined.Started()
	_ = cmd.Wait() // what the first process of the box says is in End
	end := confined.Ended()
	if started != nil {
		return started
	}
	for _, limit := range end.Limits {
		reached(limit)
	}
	if output.written() > box.Limits.Output {
		reached(fmt.Sprintf("it was ended, for it printed more than %d MiB", box.Limits.Output>>20))
	}
	return endError(end.Code, end.Signal)
}

func endError(code int, signal syscall.Signal) error {
	switch {
	case signal != 0:
		return fmt.Errorf("signal: %s", signal)
	case code != 0:
		return fmt.Errorf("exit status %d", code)
	}
	return nil
}

// tail keeps the end of what is written.
type tail struct {
	mu   sync.Mutex
	kept []byte
	n    int64
	most int64 // bytes; 0 for any number
	over func()
}

// tailSize is how much a tail keeps, in bytes.
const tailSize = 16 << 10

func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	before := t.n
	t.n += int64(len(p))
	t.kept = append(t.kept, p...)
	t.kept = t.kept[max(0, len(t.kept)-tailSize):]
	if t.most > 0 && before <= t.most && t.n > t.most {
		t.over()
	}
	return len(p), nil
}

func (t *tail) written() int64 {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.n
}

// String returns what is kept.
func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return string(t.kept)
}
