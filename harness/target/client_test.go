//go:build unix

package target

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// ran runs a client to its end.
func ran(t *testing.T, cfg ClientConfig, prepare func(string) error) *Run {
	t.Helper()
	run, err := RunClient(t.Context(), cfg, prepare)
	check(t, err)
	t.Cleanup(func() { _ = run.Close() })
	return run
}

func TestClientEnds(t *testing.T) {
	tests := []struct {
		name    string
		command []string
		timeout time.Duration
		want    Run
	}{
		{"with success", program(t, "fail", "0", "done"), 0, Run{Output: "done\n"}},
		{"with failure", program(t, "fail", "7", "fatal"), 0, Run{ExitCode: 7, Output: "fatal\n"}},
		{"by a signal", program(t, "crash"), 0, Run{ExitCode: -1, Signal: "killed"}},
		{"not at all", program(t, "hang"), 50 * time.Millisecond, Run{ExitCode: -1, Signal: "killed", TimedOut: true}},
		{"without input", program(t, "stdin"), 0, Run{Output: "0 bytes, <nil>"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			run := ran(t, ClientConfig{Command: test.command, Timeout: test.timeout}, nil)
			if run.Duration <= 0 {
				t.Errorf("it took %s", run.Duration)
			}
			got := *run
			got.Duration, got.CPU, got.Dir = 0, 0, ""
			if got != test.want {
				t.Errorf("%+v, want %+v", got, test.want)
			}
		})
	}
}

func TestClientFolder(t *testing.T) {
	source := t.TempDir()
	check(t, os.WriteFile(filepath.Join(source, "README"), []byte("hello"), 0o600))
	prepare := func(dir string) error {
		return os.WriteFile(filepath.Join(dir, "transfer.info"), []byte("127.0.0.1:1256"), 0o600)
	}
	run := ran(t, ClientConfig{Dir: source, Command: program(t, "cat", "transfer.info")}, prepare)
	if run.Output != "127.0.0.1:1256" {
		t.Errorf("output %q", run.Output)
	}
	if text, err := os.ReadFile(filepath.Join(run.Dir, "README")); err != nil || string(text) != "hello" {
		t.Errorf("the copy has %q, %v", text, err)
	}
	if _, err := os.Stat(filepath.Join(source, "transfer.info")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the original folder was written to: %v", err)
	}
	again := ran(t, ClientConfig{Dir: run.Dir, Command: program(t, "cat", "transfer.info")}, nil)
	if again.Output != "127.0.0.1:1256" || again.Dir == run.Dir {
		t.Errorf("on what the first left: output %q, folder %s", again.Output, again.Dir)
	}
	check(t, run.Close())
	if _, err := os.Stat(run.Dir); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the folder is still there: %v", err)
	}
}

func TestClientRunsInItsFolder(t *testing.T) {
	run := ran(t, ClientConfig{Command: program(t, "pwd")}, nil)
	if run.Output != run.Dir {
		t.Errorf("it ran in %s, its folder is %s", run.Output, run.Dir)
	}
}

func TestClientLeavesNobody(t *testing.T) {
	children := childListener(t)
	run := ran(t, ClientConfig{Command: program(t, "leave-child", children.Addr().String())}, nil)
	if !run.Leftover || run.ExitCode != 0 || run.TimedOut {
		t.Errorf("%+v", run)
	}
	expectDeath(t, children)
}

// TestClientKeepsTheEndOfItsOutput: a client that prints far more than a pipe holds is not held up.
func TestClientKeepsTheEndOfItsOutput(t *testing.T) {
	run := ran(t, ClientConfig{Command: program(t, "chatter", "1000"), Timeout: 30 * time.Second}, nil)
	if run.TimedOut || len(run.Output) != outputSize {
		t.Errorf("timed out %t, %d bytes are kept", run.TimedOut, len(run.Output))
	}
	if last := lastLines(run.Output, 1); strings.TrimLeft(last, " ") != "line 999" {
		t.Errorf("the last line is %q", last)
	}
}

func TestClientIsCancelled(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	ctx, cancel := context.WithCancel(t.Context())
	children := childListener(t)
	go func() {
		conn, err := children.Accept() // the client runs
		if err == nil {
			cancel()
			_ = conn.Close()
		}
	}()
	_, err := RunClient(ctx, ClientConfig{Command: program(t, "child", children.Addr().String())}, nil)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error is %v", err)
	}
	if left, _ := os.ReadDir(os.TempDir()); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestClientCannotStart(t *testing.T) {
	source := t.TempDir()
	for name, text := range map[string]string{"binary": "\x7fnone", "script": "#!/no/such/interpreter\n"} {
		check(t, os.WriteFile(filepath.Join(source, name), []byte(text), 0o700))
	}
	prepareFails := errors.New("no room")
	tests := []struct {
		command []string
		prepare func(string) error
		want    string
	}{
		{nil, nil, "neither a command nor an image"},
		{[]string{"./binary"}, nil, "cannot execute it"},
		{[]string{"./script"}, nil, "interpreter"},
		{[]string{"./none"}, nil, "no such file"},
		{program(t, "pwd"), func(string) error { return prepareFails }, "no room"},
	}
	for _, test := range tests {
		t.Run(test.want, func(t *testing.T) {
			t.Setenv("TMPDIR", t.TempDir())
			_, err := RunClient(t.Context(), ClientConfig{Dir: source, Command: test.command}, test.prepare)
			var wrong *ConfigError
			if err == nil || !strings.Contains(err.Error(), test.want) || !errors.As(err, &wrong) && !errors.Is(err, prepareFails) {
				t.Errorf("error is %v, want …%s…", err, test.want)
			}
			if left, _ := os.ReadDir(os.TempDir()); len(left) > 0 {
				t.Errorf("left behind: %v", left)
			}
		})
	}
}

func TestClientWithTooLongAName(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	_, err := RunClient(t.Context(), ClientConfig{Command: program(t, "pwd")}, func(dir string) error {
		return os.WriteFile(filepath.Join(dir, strings.Repeat("n", 5000)), nil, 0o600)
	})
	if !errors.Is(err, ErrNameTooLong) {
		t.Errorf("error is %v", err)
	}
	if left, _ := os.ReadDir(os.TempDir()); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}
