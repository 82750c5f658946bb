package target

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/xferspec/xferspec/harness/confine"
)

// clientTimeout is how long a client may run where the configuration does not say it.
const clientTimeout = time.Minute

// ClientConfig says how to run a client: by Command, or in a container by Image or Build.
type ClientConfig struct {
	Image string // name or id of an image that the container engine has
	Build string // folder with a Dockerfile, from which the image is built

	// Dir is the folder of the implementation, which is copied; "" is an empty
	// folder. For a container it is copied into the working directory of the
	// image, over what is there.
	Dir string
	// Command is program and arguments, run inside the copy. For a container it
	// stands for the image's CMD, and may be left out.
	Command []string

	// Box confines it: a command as the box says, a container by its limits; nil for no box.
	Box *confine.Box

	Timeout time.Duration // after which it is killed; 0: 60 s

	// WatchMemory has the memory of a command watched, which takes a little time.
	WatchMemory bool
}

// ListenHost returns the address of this machine, an IP, at which the client
// reaches a server that listens there: 127.0.0.1 for a command; for a container
// the address that this machine has in the engine's network. A container engine
// that does not answer is an *EngineError.
func (cfg ClientConfig) ListenHost(ctx context.Context) (string, error) {
	if !cfg.inContainer() {
		return "127.0.0.1", nil
	}
	e, err := openEngine(ctx)
	if err != nil {
		return "", err
	}
	return e.hostAddress(ctx)
}

func (cfg ClientConfig) inContainer() bool { return cfg.Image != "" || cfg.Build != "" }

// Run is one run of a client, from start to end.
type Run struct {
	ExitCode int    // exit status; -1 where a signal ended it
	Signal   string // such as "segmentation fault"; "" where it exited
	TimedOut bool   // it was killed because it did not end in time
	Leftover bool   // it ended, but left processes behind, which were then killed; a container never leaves any

	Output   string        // the last 64 KiB that it printed, as it printed them
	Duration time.Duration // from start to end
	Dir      string        // its folder as it left it, until Close

	// CPU is the processor time that it took, with all that it started and waited
	// for. Memory is the most that it has had, in bytes of RAM, as far as it was
	// seen: it is looked at every few milliseconds, if WatchMemory says so. Both are
	// 0 where they cannot be seen, as with a container.
	CPU    time.Duration
	Memory int64
}

// Close removes the folder.
func (r *Run) Close() error { return removeFolder(r.Dir) }

// RunClient runs a client in a fresh copy of its folder, or in a fresh
// container, until it ends or its time is up. Before it starts, prepare (if not
// nil) may write into the copy, or into the folder that is copied into the
// container: transfer.info, and whatever else the run needs. To run a client
// again on what an earlier run left, give that run's folder as cfg.Dir.
//
// A command that cannot be started or an image that cannot be used is a
// *ConfigError, an engine that does not answer or fails an *EngineError. Where a
// name of prepare's is too long for the file system, the error wraps
// ErrNameTooLong, and if ctx ends, ctx's error. However the client itself ended
// is not an error; then Close must be called on the Run.
func RunClient(ctx context.Context, cfg ClientConfig, prepare func(dir string) error) (*Run, error) {
	fault := func(reason string) error { return &ConfigError{Subject: "target", Reason: reason} }
	if cfg.Image != "" && cfg.Build != "" {
		return nil, fault(eitherImageOrBuild)
	}
	execute := runContainer
	if !cfg.inContainer() {
		if len(cfg.Command) == 0 {
			return nil, fault("it has neither a command nor an image")
		}
		execute = runCommand
	}
	if cfg.Timeout == 0 {
		cfg.Timeout = clientTimeout
	}
	dir, err := newFolder(ctx, "xferspec-client-*", cfg.Dir)
	if err != nil {
		return nil, err
	}
	run, err := execute(ctx, dir, cfg, prepare)
	if err != nil {
		return nil, errors.Join(nameTooLong(err), removeFolder(dir))
	}
	run.Dir = dir
	return run, nil
}

// runCommand runs a client in a folder.
func runCommand(ctx context.Context, dir string, cfg ClientConfig, prepare func(dir string) error) (*Run, error) {
	path, err := resolve(cfg.Command[0], dir)
	if err != nil {
		return nil, err
	}
	if prepare != nil {
		if err := prepare(dir); err != nil {
			return nil, err
		}
	}
	proc, err := startProcess(path, cfg.Command, dir, cfg.Box)
	if err != nil {
		return nil, err
	}
	memory := func() int64 { return 0 }
	if cfg.WatchMemory {
		memory = proc.watchMemory()
	}
	run, err := runToEnd(ctx, cfg.Timeout, proc)
	most := memory()
	if err == nil {
		run.Leftover, run.Memory = proc.leftover, most
		run.CPU = proc.cmd.ProcessState.UserTime() + proc.cmd.ProcessState.SystemTime()
	}
	return run, err
}

// runToEnd waits for a client's end, and kills what is left of it.
func runToEnd(ctx context.Context, timeout time.Duration, client instance) (*Run, error) {
	limited, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	inTime := client.wait(limited)
	if err := client.kill(); err != nil {
		return nil, err
	}
	life := client.life()
	if !inTime && ctx.Err() != nil {
		return nil, fmt.Errorf("the client was killed after %s: %w", life.ran.Round(time.Millisecond), context.Cause(ctx))
	}
	return &Run{
		ExitCode: life.exit.Code, Signal: life.exit.Signal, TimedOut: !inTime,
		Output: life.output.String(), Duration: life.ran,
	}, nil
}
