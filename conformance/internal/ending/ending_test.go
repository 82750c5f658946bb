package ending

import (
	"bufio"
	"context"
	"os/exec"
	"runtime"
	"testing"
	"time"
)

// start runs a shell script until it says that it is ready.
func start(t *testing.T, grace time.Duration, script string) (end func() error) {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("needs a POSIX shell")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cmd := exec.CommandContext(ctx, "sh", "-c", script) //nolint:gosec // a script of this test
	InOrder(cmd, grace)
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err == nil {
		_, err = bufio.NewReader(out).ReadString('\n')
	}
	if err != nil {
		t.Fatal(err)
	}
	return func() error {
		cancel()
		_ = cmd.Wait()
		if cmd.ProcessState.ExitCode() == 42 {
			return nil
		}
		return &exec.ExitError{ProcessState: cmd.ProcessState}
	}
}

func TestProcessIsAskedToEnd(t *testing.T) {
	end := start(t, time.Minute, `trap 'exit 42' TERM; echo ready; while :; do sleep 0.1; done`)
	if err := end(); err != nil {
		t.Errorf("it did not end as it does when it is asked: %v", err)
	}
}

func TestProcessIsKilledAfterTheGracePeriod(t *testing.T) {
	end := start(t, 10*time.Millisecond, `trap '' TERM; echo ready; while :; do sleep 0.1; done`)
	if err := end(); err == nil {
		t.Error("it ended by itself")
	}
}

// There it would be killed at once, or not at all.
func TestNobodyIsSignalledOnWindows(t *testing.T) {
	if err := ask("windows", nil); err != nil {
		t.Error(err)
	}
}
