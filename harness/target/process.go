package target

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"runtime"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/xferspec/xferspec/harness/confine"
)

// Deadlines for what the operating system does at once, in all but odd cases.
const (
	killLimit  = 10 * time.Second // from SIGKILL to the end of the process
	drainLimit = time.Second      // from the end of the group to the end of its output
)

// process is a program that runs, the leader of its own process group.
type process struct {
	lifetime // ran is the time until the leader ended; it is done when the group is gone
	cmd      *exec.Cmd
	confined *confine.Confined // nil without a box
	box      *confine.Box      // likewise

	mark     string // in the environment of all that it starts
	leftover bool   // others of the group were alive when the leader ended by itself; written before done is closed

	mu     sync.Mutex
	reaped bool // the group's id may mean another group from now on
	killed bool // by us
}

// running is how many programs of this process there are: an orphan is of one of them.
var running atomic.Int64

// startProcess runs a program in a folder, and in a box if there is one, with no
// input and its output kept. What keeps the user's program from being executed
// is a *ConfigError.
func startProcess(path string, args []string, dir string, box *confine.Box) (*process, error) {
	cmd := exec.Command(path) //nolint:gosec,noctx // the user's own program; its end is process.kill
	cmd.Args = args
	cmd.Dir = dir
	cmd.SysProcAttr = groupAttributes()
	var mark string
	cmd.Env, mark = environment()
	r, w, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	cmd.Stdout, cmd.Stderr = w, w
	p := &process{lifetime: lifetime{done: make(chan struct{})}, cmd: cmd, mark: mark, box: box}
	if box != nil {
		if err := p.confine(dir); err != nil {
			return nil, errors.Join(err, r.Close(), w.Close())
		}
	}
	adoptOrphans()
	running.Add(1)
	started := make(chan error)
	go p.run(r, w, started)
	if err := <-started; err != nil {
		return nil, startFailure(args[0], err)
	}
	return p, nil
}

// run starts the program and waits for its end, on one thread all the while:
// Linux ends the program when the thread that started it ends.
func (p *process) run(r, w *os.File, started chan<- error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	defer r.Close()
	began := time.Now()
	err := p.start()
	_ = w.Close()
	started <- err
	if err != nil {
		running.Add(-1)
		return
	}
	drained := make(chan struct{})
	go func() {
		defer close(drained)
		p.listen(r)
	}()
	_ = p.cmd.Wait() // what it says is in ProcessState
	p.ran = time.Since(began)
	p.buryGroup()
	running.Add(-1)
	buryOrphans(p.cmd.Process.Pid, p.mark, func() bool { return running.Load() > 0 })
	select {
	case <-drained:
	case <-time.After(drainLimit):
		p.leftover = true // someone who left the group holds the output open
	}
	close(p.done)
}

// buryGroup kills what is left of the group after its leader.
func (p *process) buryGroup() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.reaped = true
	p.exit = ExitState{Code: p.cmd.ProcessState.ExitCode()}
	if status, ok := p.cmd.ProcessState.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		p.exit.Signal = status.Signal().String()
	}
	p.leftover = !p.killed && groupAlive(p.cmd.Process.Pid)
	killGroup(p.cmd.Process.Pid)
	if p.confined != nil {
		p.readEnd()
	}
}

// terminate asks the group to end.
func (p *process) terminate() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.reaped {
		terminateGroup(p.cmd.Process)
	}
}

// kill ends the group and waits until it is gone.
func (p *process) kill() error {
	p.mu.Lock()
	if !p.reaped {
		p.killed = true
		killGroup(p.cmd.Process.Pid)
		_ = p.cmd.Process.Kill() // it may have left its group
	}
	p.mu.Unlock()
	limit, cancel := context.WithTimeout(context.Background(), killLimit)
	defer cancel()
	if !p.wait(limit) {
		return fmt.Errorf("process %d does not end, %s after it was killed", p.cmd.Process.Pid, killLimit)
	}
	return nil
}

// memory returns the most that the group's members have had.
func (p *process) memory() (int64, error) { return groupMemory(p.cmd.Process.Pid) }

func (p *process) resetMemory() error { return resetGroupMemory(p.cmd.Process.Pid) }

// cpu returns the processor time of the group's members.
func (p *process) cpu() (time.Duration, error) { return groupCPU(p.cmd.Process.Pid) }

// startFailure explains why a file that is there could not be executed.
func startFailure(name string, err error) error {
	var reason string
	switch {
	case errors.Is(err, syscall.ENOEXEC):
		reason = "this system cannot execute it: a script needs a first line such as #!/bin/sh, a program must be built for this machine"
	case errors.Is(err, fs.ErrNotExist):
		reason = "the interpreter or loader that it names is not on this system"
	case errors.Is(err, fs.ErrPermission):
		reason = "the system refuses to execute it; if the temporary folder is mounted noexec, set TMPDIR to another"
	default:
		return fmt.Errorf("starting %q: %w", name, err)
	}
	return &ConfigError{Subject: fmt.Sprintf("command %q", name), Reason: reason, Err: err}
}
