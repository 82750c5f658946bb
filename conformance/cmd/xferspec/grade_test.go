package main

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/xferspec/xferspec/harness/confine"
)

var durations = regexp.MustCompile(`"durationMs": \d+`)

// same wants the grades in two folders to be the same but for times (same A B).
func same(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: same A B")
	}
	for _, name := range []string{"class.csv", "class.html", "class.json"} {
		a := durations.ReplaceAllString(ts.ReadFile(filepath.Join(args[0], name)), "")
		b := durations.ReplaceAllString(ts.ReadFile(filepath.Join(args[1], name)), "")
		if a != b || a == "" {
			ts.Fatalf("%s differs:\n%s\n%s", name, a, b)
		}
	}
}

// TestGradeInTheSandbox runs a class of which one submission is hostile.
func TestGradeInTheSandbox(t *testing.T) {
	if err := confine.Check(t.Context()); err != nil {
		t.Skipf("this system confines nobody: %v", err)
	}
	decoy := filepath.Join(t.TempDir(), "decoy")
	if err := os.WriteFile(decoy, []byte("precious"), 0o666); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(decoy, 0o666); err != nil { // it is the sandbox that protects it
		t.Fatal(err)
	}
	// One that can be reached only without a network namespace.
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	class := t.TempDir()
	put := func(name, file, text string) {
		if err := os.MkdirAll(filepath.Join(class, name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(class, name, file), []byte(text), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	put("good", "xferspec.yaml", "server: {run: [./run]}\nclient: {run: [./run, client]}\n")
	put("good", "run", "#!/bin/sh\nif [ \"$1\" ]; then exec xferspec reference client; fi\nexec xferspec reference server\n")
	put("hostile", "xferspec.yaml", "server: {run: [./run]}\n")
	put("hostile", "run", fmt.Sprintf(`#!/bin/bash
for f in %[1]s %[2]s/good/run %[2]s/good/xferspec.yaml; do
  cat $f && echo STOLEN; echo changed >> $f && echo STOLEN; rm -f $f
done
echo > /dev/tcp/127.0.0.1/%[3]d && echo STOLEN
(setsid sleep 1000 &)
for i in $(seq 300); do sleep 1000 & done
kill -9 $PPID
exec xferspec reference server
`, decoy, class, listener.Addr().(*net.TCPAddr).Port))
	put("made", "xferspec.yaml", "server: {dir: out, run: [./run], compile: [[./build]]}\n")
	put("made", "build", fmt.Sprintf(`#!/bin/bash
for f in %[1]s %[2]s/good/run %[2]s/made/build; do
  cat $f && echo STOLEN; echo changed >> $f
done
echo > /dev/tcp/127.0.0.1/%[3]d && echo STOLEN
(setsid sleep 1000 &)
mkdir -p out .cache && head -c 150M /dev/zero >.cache/large
printf '#!/bin/sh\nexec xferspec reference server\n' >out/run && chmod +x out/run
`, decoy, class, listener.Addr().(*net.TCPAddr).Port))
	put("leads-out", "xferspec.yaml", "server: {run: [./run], compile: [[ln, -s, /proc/1/environ, run]]}\n")
	put("shut", "xferspec.yaml", "server: {run: [./run], compile: [[sh, -c, 'cat /proc/self/status "+decoy+"; exit 7']]}\n")
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	programs := t.TempDir()
	if err := os.Chmod(programs, 0o755); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(self)
	if err != nil {
		t.Fatal(err)
	}
	program := filepath.Join(programs, "xferspec")
	if err := os.WriteFile(program, text, 0o755); err != nil {
		t.Fatal(err)
	}
	out := filepath.Join(t.TempDir(), "grades")
	cmd := exec.CommandContext(t.Context(), program, "grade", class, "--out", out, "--readable", programs,
		"--limit-processes", "200", "--case", "SRV-REG-01,SRV-STO-03,SRV-FIL-88,CLT-REG-01")
	cmd.Env = append(os.Environ(), "PATH="+programs+":"+os.Getenv("PATH"), "GORACE=atexit_sleep_ms=0")
	output, err := cmd.CombinedOutput()
	if _, ok := err.(*exec.ExitError); err != nil && !ok { //nolint:errorlint // it is not wrapped
		t.Fatal(err)
	}
	for _, want := range []string{"good: conformant", "made: incomplete (server 3 of 3 passed", "leads-out: not-run (server: it could not be compiled: of what comes of it: the symbolic link run leads outside"} {
		if !strings.Contains(string(output), want) {
			t.Errorf("no %q in\n%s", want, output)
		}
	}
	shut, err := os.ReadFile(filepath.Join(out, "submissions", "shut", "result.json"))
	if err != nil || !strings.Contains(string(shut), "decoy: No such file") || !strings.Contains(string(shut), `"outcome": "not-run"`) {
		t.Errorf("the one that cannot be compiled: %v\n%s", err, shut)
	}
	result, err := os.ReadFile(filepath.Join(out, "submissions", "hostile", "result.json"))
	if err != nil || !strings.Contains(string(result), "more than 200 processes") {
		t.Errorf("the hostile one: %v\n%s\n%s", err, result, output)
	}
	report, err := os.ReadFile(filepath.Join(out, "submissions", "hostile", "server.json"))
	if err != nil || strings.Contains(string(report), "STOLEN") {
		t.Errorf("something was within reach: %v\n%s", err, report)
	}
	if text, err := os.ReadFile(decoy); string(text) != "precious" {
		t.Errorf("the decoy: %q, %v", text, err)
	}
	if text, err := os.ReadFile(filepath.Join(class, "good", "run")); !strings.HasPrefix(string(text), "#!/bin/sh") || strings.Contains(string(text), "changed") {
		t.Errorf("the other submission: %q, %v", text, err)
	}
}
