package target

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// clientTimeout is how long a client may run where the configuration does not say it.
const clientTimeout = time.Minute

// ClientConfig says how to run a client.
type ClientConfig struct {
	Dir     string        // folder of the implementation, which is copied; "" is an empty folder
	Command []string      // program and arguments, run inside the copy
	Timeout time.Duration // after which it is killed; 0: 60 s
}

// Run is one run of a client, from start to end.
type Run struct {
	ExitCode int    // exit status; -1 where a signal ended it
	Signal   string // such as "segmentation fault"; "" where it exited
	TimedOut bool   // it was killed because it did not end in time
	Leftover bool   // it ended, but left processes behind, which were then killed

	Output   string        // the last 64 KiB that it printed, as it printed them
	Duration time.Duration // from start to end
	Dir      string        // its folder as it left it, until Close
}

// Close removes the folder.
func (r *Run) Close() error { return removeFolder(r.Dir) }

// RunClient runs a client in a fresh copy of its folder, until it ends or its
// time is up. Before it starts, prepare (if not nil) may write into the copy:
// transfer.info, and whatever else the run needs. To run a client again on what
// an earlier run left, give that run's folder as cfg.Dir.
//
// A command that cannot be started is a *ConfigError, and if ctx ends the error
// wraps ctx's. However the client itself ended is not an error; then Close must
// be called on the Run.
func RunClient(ctx context.Context, cfg ClientConfig, prepare func(dir string) error) (*Run, error) {
	if len(cfg.Command) == 0 {
		return nil, &ConfigError{Subject: "target", Reason: "it has no command"}
	}
	if cfg.Timeout == 0 {
		cfg.Timeout = clientTimeout
	}
	dir, err := newFolder(ctx, "xferspec-client-*", cfg.Dir)
	if err != nil {
		return nil, err
	}
	run, err := runIn(ctx, dir, cfg, prepare)
	if err != nil {
		return nil, errors.Join(err, removeFolder(dir))
	}
	return run, nil
}

func runIn(ctx context.Context, dir string, cfg ClientConfig, prepare func(dir string) error) (*Run, error) {
	path, err := resolve(cfg.Command[0], dir)
	if err != nil {
		return nil, err
	}
	if prepare != nil {
		if err := prepare(dir); err != nil {
			return nil, err
		}
	}
	proc, err := startProcess(path, cfg.Command, dir)
	if err != nil {
		return nil, err
	}
	limited, cancel := context.WithTimeout(ctx, cfg.Timeout)
	defer cancel()
	inTime := proc.wait(limited)
	if err := proc.kill(); err != nil {
		return nil, err
	}
	if !inTime && ctx.Err() != nil {
		return nil, fmt.Errorf("the client was killed after %s: %w", proc.ran.Round(time.Millisecond), context.Cause(ctx))
	}
	return &Run{
		ExitCode: proc.exit.Code, Signal: proc.exit.Signal, TimedOut: !inTime, Leftover: proc.leftover,
		Output: proc.output.String(), Duration: proc.ran, Dir: dir,
	}, nil
}
