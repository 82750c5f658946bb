//go:build unix

package target

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestContainerClientEnds(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		command []string
		timeout time.Duration
		want    Run
	}{
		{"with failure", []string{"fail", "fatal"}, 0, Run{ExitCode: 7, Output: "fatal\n"}},
		{"by a signal", []string{"crash"}, 0, Run{ExitCode: -1, Signal: "killed"}},
		{"not at all", []string{"hang"}, 50 * time.Millisecond, Run{ExitCode: -1, Signal: "killed", TimedOut: true}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			run := ran(t, ClientConfig{Image: imageWith(t), Command: test.command, Timeout: test.timeout}, nil)
			got := *run
			got.Duration, got.Dir = 0, ""
			if got != test.want || run.Duration <= 0 {
				t.Errorf("%+v in %s, want %+v", got, run.Duration, test.want)
			}
		})
	}
}

func TestContainerClientKeepsTheEndOfItsOutput(t *testing.T) {
	t.Parallel()
	run := ran(t, ClientConfig{Image: imageWith(t), Command: []string{"chatter"}}, nil)
	if last := lastLines(run.Output, 1); strings.TrimLeft(last, " ") != "line 999" || len(run.Output) != outputSize {
		t.Errorf("%d bytes are kept, the last line is %q", len(run.Output), last)
	}
}

// TestContainerClientSends: the client reaches a server of this process, and what it writes comes back.
func TestContainerClientSends(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	cfg := ClientConfig{Image: imageWith(t), Command: []string{"send"}}
	host, err := cfg.ListenHost(t.Context())
	check(t, err)
	var config net.ListenConfig
	listener, err := config.Listen(t.Context(), "tcp", net.JoinHostPort(host, "0"))
	check(t, err)
	t.Cleanup(func() { _ = listener.Close() })
	received := make(chan string, 1)
	go func() {
		conn, err := listener.Accept()
		if err != nil {
			received <- err.Error()
			return
		}
		defer conn.Close()
		text, _ := io.ReadAll(conn)
		received <- string(text)
	}()
	run, err := RunClient(t.Context(), cfg, func(dir string) error {
		return os.WriteFile(filepath.Join(dir, "transfer.info"), []byte(listener.Addr().String()), 0o600)
	})
	check(t, err)
	if run.ExitCode != 0 || run.Output != "sent\n" {
		t.Fatalf("%+v", run)
	}
	if text := <-received; text != "hello" {
		t.Errorf("received %q", text)
	}
	for name, want := range map[string]string{
		"README": "from the image", "transfer.info": listener.Addr().String(), "me.info": "sent",
		"kept/deep/file": "\x00\xff", "kept/linked": "\x00\xff", "inside": "\x00\xff",
	} {
		if text, err := os.ReadFile(filepath.Join(run.Dir, name)); err != nil || string(text) != want {
			t.Errorf("%s has %q, %v", name, text, err)
		}
	}
	for name, want := range map[string]fs.FileMode{"me.info": 0o600, "kept/deep/file": 0o640} {
		if info, err := os.Stat(filepath.Join(run.Dir, name)); err != nil || info.Mode() != want {
			t.Errorf("%s has mode %v, %v", name, info.Mode(), err)
		}
	}
	if _, err := os.Lstat(filepath.Join(run.Dir, "outside")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a link that leads outside came along: %v", err)
	}
	check(t, run.Close())
	if files, _ := os.ReadDir(os.TempDir()); len(files) > 0 {
		t.Errorf("left behind: %v", files)
	}
}

func TestContainerClientIsNotRoot(t *testing.T) {
	t.Parallel()
	for user, want := range map[string]string{"user": "1234:4321", "77:88": "77:88"} {
		t.Run(user, func(t *testing.T) {
			t.Parallel()
			cfg := ClientConfig{Image: imageWith(t, "USER "+user), Command: []string{"whoami"}}
			run := ran(t, cfg, func(dir string) error {
				return os.WriteFile(filepath.Join(dir, "transfer.info"), nil, 0o600)
			})
			if run.Output != want {
				t.Errorf("%q, want %q", run.Output, want)
			}
		})
	}
}

func TestContainerClientIsCancelled(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	image, e := imageWith(t), theEngine(t)
	ctx, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
	defer cancel()
	if _, err := RunClient(ctx, ClientConfig{Image: image, Command: []string{"hang"}}, nil); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("error is %v", err)
	}
	if ids, err := left(t.Context(), e); err != nil || len(ids) > 0 {
		t.Errorf("there are %v, %v", ids, err)
	}
	if files, _ := os.ReadDir(os.TempDir()); len(files) > 0 {
		t.Errorf("left behind: %v", files)
	}
}
