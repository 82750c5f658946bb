package target

import (
	"context"
	"errors"
	"fmt"
	"sync"
)

// commandServer is a server that runs as a process of ours.
type commandServer struct {
	cfg  ServerConfig
	path string // of the program
	dir  string

	life   sync.Mutex // held by whatever starts or ends the process
	closed bool

	mu   sync.Mutex // for the two below
	addr string
	proc *process // of the latest start; nil before the first
}

// Stop ends the process by SIGTERM, else by SIGKILL.
func (s *commandServer) Stop(ctx context.Context) error {
	s.life.Lock()
	defer s.life.Unlock()
	return s.stop(ctx)
}

func (s *commandServer) stop(ctx context.Context) error {
	proc := s.process()
	if proc == nil || proc.ended() {
		return nil
	}
	limited, cancel := context.WithTimeout(ctx, s.cfg.StopGrace)
	defer cancel()
	proc.terminate()
	if proc.wait(limited) {
		return nil
	}
	return proc.kill()
}

// Kill ends the process by SIGKILL.
func (s *commandServer) Kill() error {
	s.life.Lock()
	defer s.life.Unlock()
	return s.kill()
}

func (s *commandServer) kill() error {
	if proc := s.process(); proc != nil {
		return proc.kill()
	}
	return nil
}

// Restart stops the process and runs the command again.
func (s *commandServer) Restart(ctx context.Context) error {
	s.life.Lock()
	defer s.life.Unlock()
	if err := s.stop(ctx); err != nil {
		return fmt.Errorf("restart: %w", err)
	}
	return s.start(ctx)
}

// Close kills the process and removes the folder; a second Close does nothing.
func (s *commandServer) Close() error {
	s.life.Lock()
	defer s.life.Unlock()
	if s.closed {
		return nil
	}
	s.closed = true
	return errors.Join(s.kill(), removeFolder(s.dir))
}

// process returns that of the latest start, or nil.
func (s *commandServer) process() *process {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.proc
}

// Addr returns the address of the latest start.
func (s *commandServer) Addr() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.addr
}

// Dir returns the copy of the folder.
func (s *commandServer) Dir() string { return s.dir }

// Local returns true.
func (s *commandServer) Local() bool { return true }

// Exited says how the process ended, if it did.
func (s *commandServer) Exited() (ExitState, bool) {
	if proc := s.process(); proc != nil && proc.ended() {
		return proc.exit, true
	}
	return ExitState{}, false
}

// Output returns what the process has printed.
func (s *commandServer) Output() string {
	if proc := s.process(); proc != nil {
		return proc.output.String()
	}
	return ""
}
