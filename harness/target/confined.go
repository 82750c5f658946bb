package target

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"syscall"
	"time"

	"github.com/xferspec/xferspec/harness/confine"
)

// confine has the program start in the box, as the owner of its folder.
func (p *process) confine(dir string) (err error) {
	if err := p.box.Own(dir); err != nil {
		return fmt.Errorf("give the folder to the user of the box: %w", err)
	}
	p.confined, err = p.box.Prepare(p.cmd)
	return err
}

// start starts the program and waits until it runs.
func (p *process) start() error {
	err := p.cmd.Start()
	// Another program that was started while this one's file was copied may hold
	// it open for writing, for the moment until it is executed itself.
	for pause := time.Millisecond; errors.Is(err, syscall.ETXTBSY) && pause < time.Second; pause *= 2 {
		<-time.After(pause)
		p.cmd = anew(p.cmd)
		err = p.cmd.Start()
	}
	if p.confined == nil {
		return err
	}
	if err == nil {
		if err = p.confined.Started(); err == nil {
			return nil
		}
		_ = p.cmd.Wait() // it has said why
	}
	p.confined.Ended()
	return err
}

// anew returns a command that was not started yet.
func anew(c *exec.Cmd) *exec.Cmd {
	return &exec.Cmd{
		Path: c.Path, Args: c.Args, Env: c.Env, Dir: c.Dir, Stdout: c.Stdout, Stderr: c.Stderr,
		ExtraFiles: c.ExtraFiles, SysProcAttr: c.SysProcAttr,
	}
}

// listen reads what the program prints. In a box it must not print for ever.
func (p *process) listen(r *os.File) {
	if p.box == nil {
		_, _ = io.Copy(&p.output, r)
		return
	}
	n, _ := io.Copy(&p.output, io.LimitReader(r, p.box.Limits.Output))
	if n < p.box.Limits.Output {
		return
	}
	p.mu.Lock()
	if !p.reaped {
		killGroup(p.cmd.Process.Pid)
	}
	p.mu.Unlock()
	reached(&p.output, p.box, tooMuchOutput(p.box))
}

func tooMuchOutput(box *confine.Box) string {
	return fmt.Sprintf("it was ended, for it printed more than %d MiB", box.Limits.Output>>20)
}

// readEnd takes over what the box says of the end; what the program's leader in
// the group said is its first process's.
func (p *process) readEnd() {
	end := p.confined.Ended()
	p.exit, p.leftover = ExitState{Code: end.Code}, !p.killed && end.Leftover
	if end.Signal != 0 {
		p.exit.Signal = end.Signal.String()
	}
	for _, limit := range end.Limits {
		reached(&p.output, p.box, limit)
	}
}

// reached tells of a limit in the output and in the box's log.
func reached(output io.Writer, box *confine.Box, limit string) {
	fmt.Fprintf(output, "\n[xferspec: %s]\n", limit)
	if err := box.Note(limit); err != nil {
		fmt.Fprintf(output, "[xferspec: %v]\n", err)
	}
}
