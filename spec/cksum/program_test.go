package cksum_test

import (
	"bytes"
	"os/exec"
	"testing"
)

// run runs a program of the machine on stdin and returns what it prints. The
// tests need the program: without it they fail.
func run(t testing.TB, stdin []byte, name string, args ...string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		t.Fatalf("this test compares with the program %s, which is not installed: %v", name, err)
	}
	cmd := exec.CommandContext(t.Context(), path, args...)
	var stdout, stderr bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = bytes.NewReader(stdin), &stdout, &stderr
	if err := cmd.Run(); err != nil {
		t.Fatalf("%s %q: %v: %s", name, args, err, stderr.Bytes())
	}
	return stdout.String()
}
