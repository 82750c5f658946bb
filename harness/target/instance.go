package target

import (
	"context"
	"fmt"
	"time"
)

// ExitState is how a process ended.
type ExitState struct {
	Code   int    // exit status; -1 where a signal ended it
	Signal string // such as "segmentation fault"; "" where it exited
}

// String returns "exit status 3" or "signal: killed".
func (e ExitState) String() string {
	if e.Signal != "" {
		return "signal: " + e.Signal
	}
	return fmt.Sprintf("exit status %d", e.Code)
}

// instance is one run of a program: a process of ours, or the life of a
// container from a start to the next end.
type instance interface {
	terminate()  // asks it to end
	kill() error // ends it and waits until it is gone
	wait(ctx context.Context) bool
	ended() bool
	memory() (int64, error)
	resetMemory() error
	cpu() (time.Duration, error)
	life() *lifetime
}

// lifetime is what there is to know about an instance.
type lifetime struct {
	output tail
	done   chan struct{} // closed when it is gone and its output was read

	// Written before done is closed.
	exit ExitState
	ran  time.Duration
}

// life returns the lifetime itself, to whoever has it embedded.
func (l *lifetime) life() *lifetime { return l }

// wait says whether the instance has ended before ctx.
func (l *lifetime) wait(ctx context.Context) bool {
	select {
	case <-l.done:
		return true
	case <-ctx.Done():
		return l.ended()
	}
}

// ended says whether the instance has ended; then all of it can be read.
func (l *lifetime) ended() bool {
	select {
	case <-l.done:
		return true
	default:
		return false
	}
}
