package target

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

// reportedLines is how many lines of output an error quotes.
const reportedLines = 10

// errNotRunning says that there is no process to look at.
var errNotRunning = errors.New("the server is not running")

// place is where a server runs that is ours to start: a folder or a container.
type place interface {
	// launch starts the server and returns its address, without waiting for it.
	launch(ctx context.Context) (run instance, addr string, err error)
	dir() string
	files(ctx context.Context, path string) (string, error)
	hint() string // what may be wrong where the server runs and does not answer
	remove() error
}

// localServer is a server that is ours to start, wherever it runs.
type localServer struct {
	cfg   ServerConfig
	place place

	life   sync.Mutex // held by whatever starts or ends the server
	closed bool

	mu   sync.Mutex // for the two below
	addr string
	run  instance // of the latest start; nil before the first
}

// Start launches the server and waits until it is ready.
func (s *localServer) Start(ctx context.Context) error {
	s.life.Lock()
	defer s.life.Unlock()
	return s.start(ctx)
}

func (s *localServer) start(ctx context.Context) error {
	if s.closed {
		return errors.New("the server was closed")
	}
	if run := s.latest(); run != nil && !run.ended() {
		return errors.New("the server is running already")
	}
	run, addr, err := s.place.launch(ctx)
	if err != nil {
		return err
	}
	s.mu.Lock()
	s.run, s.addr = run, addr
	s.mu.Unlock()
	return s.awaitReady(ctx, run)
}

// awaitReady waits until a run is ready, and kills it if it does not become so.
func (s *localServer) awaitReady(ctx context.Context, run instance) error {
	began := time.Now()
	limited, cancel := context.WithTimeout(ctx, s.cfg.StartTimeout)
	defer cancel()
	go func() {
		if run.wait(limited) {
			cancel()
		}
	}()
	last := awaitReady(limited, s.addr, s.cfg.Ready)
	if last == nil && !run.ended() { // else someone else answered
		return nil
	}
	failure := &StartError{Addr: s.addr, Waited: time.Since(began), Err: ctx.Err()}
	if run.ended() {
		if failure.Exit = &run.life().exit; *failure.Exit == (ExitState{}) {
			failure.Hint = "a server has to stay in the foreground"
		}
	} else {
		failure.Last = last
		failure.Hint = s.place.hint()
	}
	err := run.kill()
	failure.Output = lastLines(run.life().output.String(), reportedLines)
	return errors.Join(failure, err)
}

// Stop ends the server by SIGTERM, else by SIGKILL.
func (s *localServer) Stop(ctx context.Context) error {
	s.life.Lock()
	defer s.life.Unlock()
	return s.stop(ctx)
}

func (s *localServer) stop(ctx context.Context) error {
	run := s.latest()
	if run == nil || run.ended() {
		return nil
	}
	limited, cancel := context.WithTimeout(ctx, s.cfg.StopGrace)
	defer cancel()
	run.terminate()
	if run.wait(limited) {
		return nil
	}
	return run.kill()
}

// Kill ends the server by SIGKILL.
func (s *localServer) Kill() error {
	s.life.Lock()
	defer s.life.Unlock()
	return s.kill()
}

func (s *localServer) kill() error {
	if run := s.latest(); run != nil {
		return run.kill()
	}
	return nil
}

// Restart stops the server and launches it again.
func (s *localServer) Restart(ctx context.Context) error {
	s.life.Lock()
	defer s.life.Unlock()
	if err := s.stop(ctx); err != nil {
		return fmt.Errorf("restart: %w", err)
	}
	return s.start(ctx)
}

// Close kills the server and removes its place; a second Close does nothing.
func (s *localServer) Close() error {
	s.life.Lock()
	defer s.life.Unlock()
	if s.closed {
		return nil
	}
	s.closed = true
	return errors.Join(s.kill(), s.place.remove())
}

// latest returns the run of the latest start, or nil.
func (s *localServer) latest() instance {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.run
}

// Addr returns the address of the latest start.
func (s *localServer) Addr() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.addr
}

// Dir returns the folder in which the server runs.
func (s *localServer) Dir() string { return s.place.dir() }

// Files gets at what the server has at a path.
func (s *localServer) Files(ctx context.Context, path string) (string, error) {
	return s.place.files(ctx, path)
}

// Local returns true.
func (s *localServer) Local() bool { return true }

// Exited says how the latest run ended, if it did.
func (s *localServer) Exited() (ExitState, bool) {
	if run := s.latest(); run != nil && run.ended() {
		return run.life().exit, true
	}
	return ExitState{}, false
}

// Memory returns the most memory that the latest run has had.
func (s *localServer) Memory() (int64, error) {
	if run := s.latest(); run != nil && !run.ended() {
		return run.memory()
	}
	return 0, errNotRunning
}

// ResetMemory makes Memory count from now on.
func (s *localServer) ResetMemory() error {
	if run := s.latest(); run != nil && !run.ended() {
		return run.resetMemory()
	}
	return errNotRunning
}

// CPU returns the processor time that the latest run has taken.
func (s *localServer) CPU() (time.Duration, error) {
	if run := s.latest(); run != nil && !run.ended() {
		return run.cpu()
	}
	return 0, errNotRunning
}

// Output returns what the latest run has printed.
func (s *localServer) Output() string {
	if run := s.latest(); run != nil {
		return run.life().output.String()
	}
	return ""
}
