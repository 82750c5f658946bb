package main

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xferspec/xferspec/spec/state"
)

// asProgram makes the test binary the program itself.
const asProgram = "XFERSPEC_TEST_AS_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		main()
	}
	os.Exit(m.Run())
}

// The exit status and the last line of what is printed (RTY-7, CFG-8).
func TestProgram(t *testing.T) {
	dir := t.TempDir()
	text := state.TransferInfo{Addr: "127.0.0.1:1", Name: "Ada Lovelace", Path: "transfer.info"}.Format()
	if err := os.WriteFile(filepath.Join(dir, "transfer.info"), text, 0o600); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name   string
		args   []string
		dir    string
		status int
		last   string
	}{
		{"no transfer.info", nil, t.TempDir(), 1, "fatal: open transfer.info: no such file"},
		{"no server", nil, dir, 1, "fatal: cannot connect"},
		{"wrong usage", []string{"--nope"}, dir, 2, "fatal: unknown flag: --nope (see xfer-client --help)"},
		{"help", []string{"--help"}, dir, 0, "      --quiet"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			cmd := exec.CommandContext(t.Context(), os.Args[0], tt.args...)
			cmd.Dir = tt.dir
			cmd.Env = append(os.Environ(), asProgram+"=1")
			printed, err := cmd.CombinedOutput()
			if _, exited := errors.AsType[*exec.ExitError](err); err != nil && !exited {
				t.Fatal(err)
			}
			if status := cmd.ProcessState.ExitCode(); status != tt.status {
				t.Errorf("exit status %d, want %d", status, tt.status)
			}
			lines := strings.Split(string(bytes.TrimSpace(printed)), "\n")
			if tt.status == 0 {
				lines = lines[:len(lines)-1] // help goes on after what is looked for
			}
			if last := lines[len(lines)-1]; !strings.HasPrefix(last, tt.last) {
				t.Errorf("the last line is %q, want %q", last, tt.last)
			}
		})
	}
}
