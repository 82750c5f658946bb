package target

import (
	"context"
	"errors"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/xferspec/xferspec/spec/state"
)

// reportedLines is how many lines of output an error quotes.
const reportedLines = 10

func openCommand(ctx context.Context, cfg ServerConfig) (Server, error) {
	if cfg.StartTimeout == 0 {
		cfg.StartTimeout = startCommand
	}
	dir, err := newFolder(ctx, "xferspec-server-*", cfg.Dir)
	if err != nil {
		return nil, err
	}
	path, err := resolve(cfg.Command[0], dir)
	if err != nil {
		return nil, errors.Join(err, removeFolder(dir))
	}
	return &commandServer{cfg: cfg, path: path, dir: dir}, nil
}

// Start runs the command on a fresh port.
func (s *commandServer) Start(ctx context.Context) error {
	s.life.Lock()
	defer s.life.Unlock()
	return s.start(ctx)
}

func (s *commandServer) start(ctx context.Context) error {
	if s.closed {
		return errors.New("the server was closed")
	}
	if proc := s.process(); proc != nil && !proc.ended() {
		return errors.New("the server is running already")
	}
	port, err := freePort(ctx)
	if err != nil {
		return err
	}
	if err := s.writePort(port); err != nil {
		return err
	}
	proc, err := startProcess(s.path, withPort(s.cfg.Command, port), s.dir)
	if err != nil {
		return err
	}
	s.mu.Lock()
	s.proc, s.addr = proc, net.JoinHostPort("127.0.0.1", strconv.Itoa(int(port)))
	s.mu.Unlock()
	return s.awaitReady(ctx, proc)
}

// awaitReady waits until the process is ready, and kills it if it does not become so.
func (s *commandServer) awaitReady(ctx context.Context, proc *process) error {
	began := time.Now()
	limited, cancel := context.WithTimeout(ctx, s.cfg.StartTimeout)
	defer cancel()
	go func() {
		if proc.wait(limited) {
			cancel()
		}
	}()
	last := awaitReady(limited, s.addr, s.cfg.Ready)
	if last == nil && !proc.ended() { // else someone else answered
		return nil
	}
	failure := &StartError{Addr: s.addr, Waited: time.Since(began), Err: ctx.Err()}
	if proc.ended() {
		if failure.Exit = &proc.exit; *failure.Exit == (ExitState{}) {
			failure.Hint = "a server has to stay in the foreground"
		}
	} else {
		failure.Last = last
		failure.Hint = "a server that ignores port.info is told its port by {port} in an argument"
	}
	err := proc.kill()
	failure.Output = lastLines(proc.output.String(), reportedLines)
	return errors.Join(failure, err)
}

// writePort writes port.info, in place of whatever is there.
func (s *commandServer) writePort(port uint16) error {
	path := filepath.Join(s.dir, "port.info")
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return os.WriteFile(path, state.FormatPort(port), 0o644) //nolint:gosec // no secret
}

// withPort returns the command with the port in place of {port}.
func withPort(command []string, port uint16) []string {
	args := []string{command[0]}
	for _, arg := range command[1:] {
		args = append(args, strings.ReplaceAll(arg, "{port}", strconv.Itoa(int(port))))
	}
	return args
}
