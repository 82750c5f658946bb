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

func TestQuoteFor(t *testing.T) {
	for _, tt := range []struct{ system, word, want string }{
		{"linux", `main.py`, `main.py`},
		{"linux", `my server`, `'my server'`},
		{"linux", `it's`, `'it'\''s'`},
		{"linux", `build\client`, `'build\client'`},
		{"linux", ``, `''`},
		{"windows", `C:\build\client.exe`, `C:\build\client.exe`},
		{"windows", `C:\Program Files\client.exe`, `"C:\Program Files\client.exe"`},
		{"windows", `{port}`, `"{port}"`},
		{"windows", `say "x"`, `"say \"x\""`},
		{"windows", ``, `""`},
	} {
		if got := quoteFor(tt.system, tt.word); got != tt.want {
			t.Errorf("%s: %s becomes %s, want %s", tt.system, tt.word, got, tt.want)
		}
	}
}
