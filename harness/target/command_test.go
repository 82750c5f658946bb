//go:build unix

package target

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/xferspec/xferspec/spec"
)

// open prepares a server that is closed with the test.
func open(t *testing.T, cfg ServerConfig) Server {
	t.Helper()
	s, err := OpenServer(t.Context(), cfg)
	check(t, err)
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func started(t *testing.T, cfg ServerConfig) Server {
	t.Helper()
	s := open(t, cfg)
	check(t, s.Start(t.Context()))
	return s
}

func TestServerLife(t *testing.T) {
	source := t.TempDir()
	check(t, os.WriteFile(filepath.Join(source, "port.info"), []byte("1\n"), 0o400))
	s := open(t, ServerConfig{Dir: source, Command: program(t, "serve"), Ready: greeted})
	if _, ended := s.Exited(); ended || s.Addr() != "" || s.Output() != "" || !s.Local() {
		t.Errorf("before the start: ended %t, address %q, output %q, local %t", ended, s.Addr(), s.Output(), s.Local())
	}
	check(t, s.Stop(t.Context()))
	check(t, s.Kill())
	check(t, s.Start(t.Context()))
	first := s.Addr()
	check(t, greeted(t.Context(), first))
	if err := s.Start(t.Context()); err == nil {
		t.Error("started twice")
	}
	if s.Output() != "listening\n" {
		t.Errorf("output %q", s.Output())
	}
	port, err := os.ReadFile(filepath.Join(s.Dir(), "port.info"))
	if err != nil || !strings.HasSuffix(first, ":"+string(port)) {
		t.Errorf("port.info %q, %v, address %s", port, err, first)
	}
	if kept, err := os.ReadFile(filepath.Join(source, "port.info")); err != nil || string(kept) != "1\n" {
		t.Errorf("the original folder has %q, %v", kept, err)
	}

	check(t, s.Kill())
	if exit, ended := s.Exited(); !ended || exit.String() != "signal: killed" || exit.Code != -1 {
		t.Errorf("after a kill: %s, %t", exit, ended)
	}
	if greeted(t.Context(), first) == nil {
		t.Error("killed, but still there")
	}
	check(t, os.WriteFile(filepath.Join(s.Dir(), "database"), nil, 0o600))
	check(t, s.Restart(t.Context()))
	if _, ended := s.Exited(); ended || s.Addr() == first {
		t.Errorf("restarted: ended %t, address %s as before", ended, s.Addr())
	}
	if _, err := os.Stat(filepath.Join(s.Dir(), "database")); err != nil {
		t.Error(err)
	}

	check(t, s.Close())
	check(t, s.Close())
	if _, err := os.Stat(s.Dir()); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the folder is still there: %v", err)
	}
	if greeted(t.Context(), s.Addr()) == nil {
		t.Error("closed, but still there")
	}
	if err := s.Start(t.Context()); err == nil {
		t.Error("started after Close")
	}
}

func TestServerPortArgument(t *testing.T) {
	s := started(t, ServerConfig{Command: program(t, "serve-at", "{port}"), Ready: greeted})
	check(t, greeted(t.Context(), s.Addr()))
}

// TestServerPortInfo: with a port.info that names no port, the server is expected on the default one.
func TestServerPortInfo(t *testing.T) {
	port, err := freePort(t.Context())
	check(t, err)
	edition := &spec.Edition{DefaultPort: port}
	addr := fmt.Sprintf("127.0.0.1:%d", port)
	source := t.TempDir()
	check(t, os.WriteFile(filepath.Join(source, "port.info"), []byte("1"), 0o600))
	for name, info := range map[string]PortInfo{"missing": {Missing: true}, "empty": {}, "a word": {Text: []byte("http")}} {
		t.Run(name, func(t *testing.T) {
			s := started(t, ServerConfig{
				Edition: edition, Dir: source, Command: program(t, "serve-at", "{port}"), PortInfo: &info, Ready: greeted,
			})
			if s.Addr() != addr {
				t.Errorf("address %s, want %s", s.Addr(), addr)
			}
			text, err := os.ReadFile(filepath.Join(s.Dir(), "port.info"))
			if string(text) != string(info.Text) || errors.Is(err, os.ErrNotExist) != info.Missing {
				t.Errorf("port.info %q, %v", text, err)
			}
			check(t, s.Close())
		})
	}
	var config net.ListenConfig
	listener, err := config.Listen(t.Context(), "tcp", addr)
	check(t, err)
	t.Cleanup(func() { _ = listener.Close() })
	s := open(t, ServerConfig{Edition: edition, Command: program(t, "serve"), PortInfo: &PortInfo{}})
	err = s.Start(t.Context())
	if _, ok := errors.AsType[*StartError](err); !ok || !strings.Contains(err.Error(), "the port is taken") {
		t.Errorf("error is %v", err)
	}
}

func TestServerFiles(t *testing.T) {
	source := t.TempDir()
	check(t, os.WriteFile(filepath.Join(source, "database"), nil, 0o600))
	s := open(t, ServerConfig{Dir: source, Command: program(t, "serve")})
	for _, path := range []string{s.Dir(), filepath.Join(s.Dir(), "database")} {
		if found, err := s.Files(t.Context(), path); err != nil || found != path {
			t.Errorf("%s: %s, %v", path, found, err)
		}
	}
	if _, err := s.Files(t.Context(), filepath.Join(s.Dir(), "none")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no such file: %v", err)
	}
	if _, err := s.Files(t.Context(), "database"); err == nil {
		t.Error("a relative path was accepted")
	}
}

func TestServerStopIsGraceful(t *testing.T) {
	s := started(t, ServerConfig{Command: program(t, "serve-gracefully")})
	check(t, s.Stop(t.Context()))
	if exit, ended := s.Exited(); !ended || exit != (ExitState{}) {
		t.Errorf("after a stop: %s, %t", exit, ended)
	}
	if _, err := os.Stat(filepath.Join(s.Dir(), "stopped")); err != nil {
		t.Error(err)
	}
}

func TestServerStopInsists(t *testing.T) {
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	for name, ctx := range map[string]context.Context{"grace is over": t.Context(), "context is over": ended} {
		s := started(t, ServerConfig{Command: program(t, "serve-stubbornly"), StopGrace: 50 * time.Millisecond})
		check(t, s.Stop(ctx))
		if exit, _ := s.Exited(); exit.Signal != "killed" {
			t.Errorf("%s: %s", name, exit)
		}
	}
}

func TestServerLeavesNobody(t *testing.T) {
	for name, end := range map[string]func(Server) error{
		"Stop":  func(s Server) error { return s.Stop(t.Context()) },
		"Kill":  Server.Kill,
		"Close": Server.Close,
	} {
		t.Run(name, func(t *testing.T) {
			children := childListener(t)
			s := started(t, ServerConfig{Command: program(t, "serve-with-child", children.Addr().String())})
			check(t, end(s))
			expectDeath(t, children)
		})
	}
}

func TestServerEndlessOutput(t *testing.T) {
	s := started(t, ServerConfig{Command: program(t, "serve-and-chatter"), Ready: greeted})
	for len(s.Output()) < outputSize {
		if _, ended := s.Exited(); ended {
			t.Fatal("ended")
		}
	}
	check(t, greeted(t.Context(), s.Addr()))
	check(t, s.Kill())
	if out := s.Output(); len(out) != outputSize {
		t.Errorf("%d bytes of output are kept", len(out))
	}
}

func TestServerStartFails(t *testing.T) {
	never := errors.New("no answer to 1025")
	tests := []struct {
		name    string
		command []string
		ready   Ready
		exit    *ExitState
		want    []string
	}{
		{"ends early", program(t, "fail", "3", "opening database", "no such \x1b[31mfile"), greeted, &ExitState{Code: 3}, []string{
			"the server ended with exit status 3 after ", "\n    opening database\n    no such ?[31mfile"}},
		{"goes to the background", program(t, "fail", "0"), greeted, &ExitState{}, []string{
			"exit status 0", "has to stay in the foreground"}},
		{"never ready", program(t, "serve"), func(context.Context, string) error { return never }, nil, []string{
			"the server at 127.0.0.1:", "not ready after ", "no answer to 1025", "{port}", "\n    listening"}},
		{"accepts and says nothing", program(t, "accept-only"), greeted, nil, []string{"not ready after", "timeout"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel() // two of them last until the timeout
			timeout := 10 * time.Second
			if test.exit == nil {
				timeout = 1500 * time.Millisecond
			}
			s := open(t, ServerConfig{Command: test.command, Ready: test.ready, StartTimeout: timeout})
			err := s.Start(t.Context())
			var failure *StartError
			if !errors.As(err, &failure) || failure.Addr != s.Addr() || failure.Waited <= 0 {
				t.Fatalf("error is %v", err)
			}
			if (failure.Exit == nil) != (test.exit == nil) || test.exit != nil && *failure.Exit != *test.exit {
				t.Errorf("exit is %v", failure.Exit)
			}
			for _, want := range test.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("%q is missing in: %s", want, err)
				}
			}
			if _, ended := s.Exited(); !ended {
				t.Error("it still runs")
			}
		})
	}
}

func TestServerStartIsCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	s := open(t, ServerConfig{Command: program(t, "hang"), Ready: func(context.Context, string) error {
		cancel()
		return errors.New("not yet")
	}})
	err := s.Start(ctx)
	if !errors.Is(err, context.Canceled) || !strings.Contains(err.Error(), "not yet") {
		t.Errorf("error is %v", err)
	}
	if _, ended := s.Exited(); !ended {
		t.Error("it still runs")
	}
}
