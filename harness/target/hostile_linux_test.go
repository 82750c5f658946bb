package target

import (
	"archive/tar"
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestOrphansAreBuried: who has left the program's group, its session and its
// environment is found all the same, while another program runs and when none does.
func TestOrphansAreBuried(t *testing.T) {
	other := started(t, ServerConfig{Command: program(t, "serve")})
	for _, kind := range []string{"marked", "group", "grandchild"} {
		orphans := childListener(t)
		run := ran(t, ClientConfig{Command: program(t, "leave-orphan", kind, orphans.Addr().String())}, nil)
		if run.ExitCode != 0 {
			t.Errorf("%s: %+v", kind, run)
		}
		expectDeath(t, orphans)
	}
	if _, ended := other.Exited(); ended {
		t.Error("another program was ended along with the orphans")
	}
	check(t, other.Kill())
	orphans := childListener(t)
	ran(t, ClientConfig{Command: program(t, "leave-orphan", "unmarked", orphans.Addr().String())}, nil)
	expectDeath(t, orphans)
	// One that has died by itself in our session might be a program that is waited for.
	own, _, _ := syscall.RawSyscall(syscall.SYS_GETSID, 0, 0, 0)
	if left := slices.DeleteFunc(children(), func(r relative) bool { return !r.dead || r.session == int(own) }); len(left) > 0 {
		t.Errorf("not reaped: %v", left)
	}
}

// TestManyOrphansAreBuried: 200 at once, which ignore SIGTERM.
func TestManyOrphansAreBuried(t *testing.T) {
	began := time.Now()
	run := ran(t, ClientConfig{Command: []string{"/bin/sh", "-c",
		`trap '' TERM; i=0; while [ $i -lt 200 ]; do setsid sleep 30 </dev/null >/dev/null 2>&1 & i=$((i+1)); done; sleep 0.2`}}, nil)
	if run.ExitCode != 0 || time.Since(began) > 20*time.Second {
		t.Errorf("%+v after %s", run, time.Since(began))
	}
	for _, r := range children() {
		if name, _ := os.ReadFile(fmt.Sprintf("/proc/%d/comm", r.pid)); strings.TrimSpace(string(name)) == "sleep" {
			t.Errorf("process %d is left: %+v", r.pid, r)
		}
	}
}

// TestCommandGetsNoSecrets: what a CI system and a user have in their environment
// for themselves does not reach the program.
func TestCommandGetsNoSecrets(t *testing.T) {
	hidden := []string{
		"GITHUB_TOKEN", "GITHUB_ENV", "ACTIONS_RUNTIME_URL", "AWS_SECRET_ACCESS_KEY", "AWS_ACCESS_KEY_ID", "NPM_TOKEN", "MY_PASSWORD", "SSH_AUTH_SOCK", "my_api_key",
	}
	for _, name := range hidden {
		t.Setenv(name, "hidden")
	}
	t.Setenv("DATABASE_URL", "postgres://me:hidden@host/db")
	t.Setenv("JAVA_HOME", "/usr/lib/jvm")
	t.Setenv("PYTHONPATH", "lib")
	t.Setenv("INDEX_URL", "https://example.org/simple")
	run := ran(t, ClientConfig{Command: []string{"/usr/bin/env"}}, nil)
	if strings.Contains(run.Output, "hidden") {
		t.Errorf("it was told:\n%s", run.Output)
	}
	for _, kept := range []string{"JAVA_HOME=", "PYTHONPATH=", "INDEX_URL=", "PATH="} {
		if !strings.Contains(run.Output, kept) {
			t.Errorf("%s is missing", kept)
		}
	}
	run = ran(t, ClientConfig{Command: []string{"env", "MY_PASSWORD=wanted", "/usr/bin/env"}}, nil)
	if !strings.Contains(run.Output, "MY_PASSWORD=wanted") {
		t.Error("what the command itself sets does not reach the program")
	}
}

// TestCopyRefusesSpecialFiles: a folder with a pipe in it, a device or a sparse
// file of 100 GB is refused at once.
func TestCopyRefusesSpecialFiles(t *testing.T) {
	for name, lay := range map[string]func(path string) error{
		"special file":        func(path string) error { return syscall.Mkfifo(path, 0o600) },
		"which is not a file": func(path string) error { return os.Symlink("/dev/zero", path) },
		"holds more than":     func(path string) error { return os.WriteFile(path, nil, 0o600) },
	} {
		src := t.TempDir()
		check(t, lay(filepath.Join(src, "x")))
		if name == "holds more than" {
			check(t, os.Truncate(filepath.Join(src, "x"), 100<<30))
		}
		dst, err := newFolder(t.Context(), "xferspec-test-*", src)
		if err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s, error is %v, want …%s…", dst, err, name)
		}
	}
}

// TestUnpackEnds: a stream of folders without an end is cut off.
func TestUnpackEnds(t *testing.T) {
	var one bytes.Buffer
	w := tar.NewWriter(&one)
	check(t, w.WriteHeader(&tar.Header{Typeflag: tar.TypeDir, Name: "app/x/", Mode: 0o700}))
	err := unpackUpTo(1000, &endless{one.Bytes(), 0}, t.TempDir(), "app")
	if err == nil || !strings.Contains(err.Error(), "files and folders") {
		t.Errorf("error is %v", err)
	}
}

// endless repeats a text.
type endless struct {
	text []byte
	at   int
}

func (e *endless) Read(p []byte) (int, error) {
	n := copy(p, e.text[e.at:])
	e.at = (e.at + n) % len(e.text)
	return n, nil
}

var _ io.Reader = (*endless)(nil)

// TestPortFileIsWrittenThroughNoLink: what a server puts in place of port.info
// does not lead the harness elsewhere.
func TestPortFileIsWrittenThroughNoLink(t *testing.T) {
	outside := filepath.Join(t.TempDir(), "precious")
	check(t, os.WriteFile(outside, []byte("precious"), 0o600))
	s := started(t, ServerConfig{Command: program(t, "serve"), Ready: greeted})
	port := filepath.Join(s.Dir(), portInfo)
	check(t, os.Remove(port))
	check(t, os.Symlink(outside, port))
	check(t, s.Restart(t.Context()))
	if text, err := os.ReadFile(outside); err != nil || string(text) != "precious" {
		t.Errorf("%q, %v", text, err)
	}
	check(t, s.Stop(t.Context()))
	check(t, os.Remove(port))
	check(t, syscall.Mkfifo(port, 0o600))
	check(t, s.Start(t.Context()))
}

// TestRemovalStaysInside: what a program leaves is removed, whatever its
// permissions, and nothing that its links lead to.
func TestRemovalStaysInside(t *testing.T) {
	outside := t.TempDir()
	check(t, os.WriteFile(filepath.Join(outside, "precious"), nil, 0o600))
	check(t, os.Chmod(outside, 0o500))
	t.Cleanup(func() { _ = os.Chmod(outside, 0o700) })
	dir, err := newFolder(t.Context(), "xferspec-test-*", "")
	check(t, err)
	check(t, os.MkdirAll(filepath.Join(dir, "closed", "deep"), 0o700))
	check(t, os.Symlink(outside, filepath.Join(dir, "closed", "out")))
	check(t, os.Chmod(filepath.Join(dir, "closed", "deep"), 0))
	check(t, os.Chmod(filepath.Join(dir, "closed"), 0))
	check(t, os.Chmod(dir, 0))
	check(t, removeFolder(dir))
	info, err := os.Stat(outside)
	check(t, err)
	if info.Mode().Perm() != 0o500 {
		t.Errorf("mode %s", info.Mode())
	}
	if _, err := os.Stat(filepath.Join(outside, "precious")); err != nil {
		t.Error(err)
	}
}

// TestPortLockIsNotMisled: whatever another user has put in its place.
func TestPortLockIsNotMisled(t *testing.T) {
	dir := t.TempDir()
	link, goal, pipe := filepath.Join(dir, "link"), filepath.Join(dir, "goal"), filepath.Join(dir, "pipe")
	check(t, os.Symlink(goal, link))
	check(t, syscall.Mkfifo(pipe, 0o600))
	if unlock, err := lockFile(link); err == nil {
		unlock()
		t.Error("a link was followed")
	}
	if _, err := os.Stat(goal); err == nil {
		t.Error("a file was made where a link leads")
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		if unlock, err := lockFile(pipe); err == nil {
			unlock()
		}
	}()
	select {
	case <-done:
	case <-time.After(5 * time.Second):
		t.Error("a pipe holds it up")
	}
}

// TestProgramThatIsStillOpen: a file that somebody still writes to cannot be
// executed, and can be a moment later.
func TestProgramThatIsStillOpen(t *testing.T) {
	path := filepath.Join(t.TempDir(), "program")
	check(t, os.WriteFile(path, []byte("#!/bin/sh\n"), 0o600))
	check(t, os.Chmod(path, 0o700)) //nolint:gosec // it is to be executed
	file, err := os.OpenFile(path, os.O_WRONLY, 0)
	check(t, err)
	time.AfterFunc(50*time.Millisecond, func() { _ = file.Close() })
	if run := ran(t, ClientConfig{Command: []string{path}}, nil); run.ExitCode != 0 {
		t.Errorf("%+v", run)
	}
}
