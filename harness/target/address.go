package target

import (
	"context"
	"fmt"
	"time"
)

// addressServer is a server that someone else runs.
type addressServer struct {
	addr    string
	ready   Ready
	timeout time.Duration
}

func openAddress(_ context.Context, cfg ServerConfig) (Server, error) {
	addr, err := completeAddr(cfg.Addr, cfg.Edition)
	if err != nil {
		return nil, err
	}
	return &addressServer{addr, cfg.Ready, cfg.StartTimeout}, nil
}

// Start waits until the server is ready.
func (s *addressServer) Start(ctx context.Context) error {
	began := time.Now()
	limited, cancel := context.WithTimeout(ctx, s.timeout)
	defer cancel()
	if err := awaitReady(limited, s.addr, s.ready); err != nil {
		return &StartError{Addr: s.addr, Waited: time.Since(began), Last: err, Err: ctx.Err()}
	}
	return nil
}

func (s *addressServer) Stop(context.Context) error    { return s.notLocal("stop") }
func (s *addressServer) Kill() error                   { return s.notLocal("kill") }
func (s *addressServer) Restart(context.Context) error { return s.notLocal("restart") }
func (s *addressServer) Close() error                  { return nil }
func (s *addressServer) Addr() string                  { return s.addr }
func (s *addressServer) Dir() string                   { return "" }
func (s *addressServer) Local() bool                   { return false }
func (s *addressServer) Exited() (ExitState, bool)     { return ExitState{}, false }
func (s *addressServer) Output() string                { return "" }

// Memory returns an error that wraps ErrNotLocal.
func (s *addressServer) Memory() (int64, error) { return 0, s.notLocal("see the memory of") }

// ResetMemory returns an error that wraps ErrNotLocal.
func (s *addressServer) ResetMemory() error { return s.notLocal("see the memory of") }

// CPU returns an error that wraps ErrNotLocal.
func (s *addressServer) CPU() (time.Duration, error) {
	return 0, s.notLocal("see the processor time of")
}

// Files returns an error that wraps ErrNotLocal.
func (s *addressServer) Files(context.Context, string) (string, error) {
	return "", s.notLocal("read the files of")
}

func (s *addressServer) notLocal(what string) error {
	return fmt.Errorf("cannot %s %s: %w", what, s.addr, ErrNotLocal)
}
