package main

import (
	"os/exec"
	"strings"
	"testing"
)

// TestRepeatIsQuoted: what a shell makes of the command to repeat a case is what
// was said, whatever it was.
func TestRepeatIsQuoted(t *testing.T) {
	hostile := []string{"$(touch owned)", "`id`", "a;b", "it's", "x\ny", "", "*", "~", "!!", "&", "#x", "\\"}
	args := append([]string{"xferspec", "test", "server", "--json", "r.json", "--"}, hostile...)
	command := repeatCommand(args)("SRV-REG-01")
	words := strings.TrimPrefix(command, "xferspec test server --case SRV-REG-01 -- ")
	if words == command {
		t.Fatalf("the command is %q", command)
	}
	sh, err := exec.LookPath("sh")
	if err != nil {
		t.Skip("there is no shell")
	}
	out, err := exec.CommandContext(t.Context(), sh, "-c", `printf '%s\0' `+words).Output()
	if want := strings.Join(hostile, "\x00") + "\x00"; err != nil || string(out) != want {
		t.Errorf("a shell makes %q of %s, %v", out, words, err)
	}
}
