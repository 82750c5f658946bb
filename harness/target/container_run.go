package target

import (
	"context"
	"errors"
	"fmt"
	"io"
	"syscall"
	"time"

	"github.com/containerd/errdefs"
	"github.com/moby/moby/api/pkg/stdcopy"
	api "github.com/moby/moby/api/types/container"
	"github.com/moby/moby/client"
)

// signalBase is what an engine adds to a signal's number to make an exit status.
const signalBase = 128

// containerRun is the life of a container from a start to the next end.
type containerRun struct {
	lifetime
	container *container
}

// start starts the container. What keeps its program from being executed is a *ConfigError.
func (c *container) start(ctx context.Context) (*containerRun, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	limited, cancel := detached(ctx)
	defer cancel()
	stream, err := c.engine.client.ContainerAttach(limited, c.id, client.ContainerAttachOptions{Stream: true, Stdout: true, Stderr: true})
	if err != nil {
		return nil, failed(ctx, "read a container's output", err)
	}
	watched, unwatch := context.WithCancel(context.WithoutCancel(ctx))
	end := c.engine.client.ContainerWait(watched, c.id, client.ContainerWaitOptions{Condition: api.WaitConditionNextExit})
	began := time.Now()
	if _, err := c.engine.client.ContainerStart(limited, c.id, client.ContainerStartOptions{}); err != nil {
		unwatch()
		stream.Close()
		return nil, c.refused(ctx, "start a container", "its program cannot be started", err)
	}
	run := &containerRun{lifetime: lifetime{done: make(chan struct{})}, container: c}
	drained := make(chan struct{})
	go func() {
		defer close(drained)
		run.listen(stream.Reader)
	}()
	go func() {
		defer close(run.done)
		defer unwatch()
		defer stream.Close()
		run.exit = awaitEnd(end)
		run.ran = time.Since(began)
		select {
		case <-drained:
		case <-time.After(drainLimit):
		}
	}()
	return run, nil
}

// listen reads what the container prints. With limits it must not print for ever.
func (r *containerRun) listen(stream io.Reader) {
	box := r.container.box
	if box == nil {
		_, _ = stdcopy.StdCopy(&r.output, &r.output, stream)
		return
	}
	n, _ := stdcopy.StdCopy(&r.output, &r.output, io.LimitReader(stream, box.Limits.Output))
	if n < box.Limits.Output*9/10 { // the engine's own headers count too
		return
	}
	_ = r.kill() // whoever waits for its end sees whether it has ended
	reached(&r.output, box, tooMuchOutput(box))
}

// awaitEnd returns how the container's program has ended. A signal comes as an
// exit status.
func awaitEnd(end client.ContainerWaitResult) ExitState {
	select {
	case result := <-end.Result:
		code := int(result.StatusCode)
		if signal := code - signalBase; signal > 0 && signal <= int(syscall.SIGTERM) {
			return ExitState{Code: -1, Signal: syscall.Signal(signal).String()}
		}
		return ExitState{Code: code}
	case err := <-end.Error:
		return ExitState{Code: -1, Signal: "unknown, the container engine lost it: " + oneLine(err)}
	}
}

// memory is not seen: engines tell what is in use at a moment, not the most.
func (r *containerRun) memory() (int64, error) { return 0, errors.ErrUnsupported }

func (r *containerRun) resetMemory() error { return errors.ErrUnsupported }

// cpu is not seen either: the engine counts its own init process in.
func (r *containerRun) cpu() (time.Duration, error) { return 0, errors.ErrUnsupported }

// terminate asks the program to end.
func (r *containerRun) terminate() { _ = r.signal("SIGTERM") } // kill says what went wrong, if it did

// kill ends the program and waits until it is gone.
func (r *containerRun) kill() error {
	if r.ended() {
		return nil
	}
	if err := r.signal("SIGKILL"); err != nil {
		return err
	}
	limit, cancel := detached(context.Background())
	defer cancel()
	if !r.wait(limit) {
		return &EngineError{Doing: "end a container", Err: fmt.Errorf("it does not end, %s after it was killed", engineLimit)}
	}
	return nil
}

func (r *containerRun) signal(name string) error {
	ctx, cancel := detached(context.Background())
	defer cancel()
	_, err := r.container.engine.client.ContainerKill(ctx, r.container.id, client.ContainerKillOptions{Signal: name})
	if err == nil || errdefs.IsConflict(err) || errdefs.IsNotFound(err) { // it has ended by itself
		return nil
	}
	return &EngineError{Doing: "send a container " + name, Err: err}
}
