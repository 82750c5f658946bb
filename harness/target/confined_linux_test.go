package target

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/xferspec/xferspec/harness/confine"
)

func init() {
	programs["poke"] = poke
	programs["crowd"] = func(args []string) {
		n, err := strconv.Atoi(args[0])
		must(err)
		refused := 0
		for range n {
			if err := exec.Command("sleep", "10").Start(); err != nil {
				refused++
			}
		}
		fmt.Printf("%d refused\n", refused)
		time.Sleep(time.Second) //nolint:forbidigo // long enough to be looked at
	}
	programs["eat"] = func(args []string) {
		mib, err := strconv.Atoi(args[0])
		must(err)
		var all [][]byte
		for range mib {
			piece := make([]byte, 1<<20)
			for i := range piece {
				piece[i] = 1
			}
			all = append(all, piece)
			time.Sleep(time.Millisecond) //nolint:forbidigo // so that the machine is not at stake
		}
		fmt.Println(len(all))
		hang()
	}
}

// poke tries to get at a file outside, and says what came of it.
func poke(args []string) {
	decoy := args[0]
	_, readErr := os.ReadFile(decoy)
	writeErr := os.WriteFile(decoy, []byte("changed"), 0o600)
	removeErr := os.Remove(decoy)
	_, shadowErr := os.ReadFile("/etc/shadow")
	_, homeErr := os.ReadDir("/root")
	systemErr := os.WriteFile("/usr/poked", nil, 0o600)
	killErr := syscall.Kill(os.Getppid(), 0)
	for _, err := range []error{readErr, writeErr, removeErr, shadowErr, homeErr, systemErr} {
		fmt.Printf("%t ", err != nil)
	}
	mountErr := syscall.Mount("tmpfs", "/tmp", "tmpfs", 0, "")
	fmt.Printf("%t parent=%d killable=%t env=%q ", mountErr != nil, os.Getppid(), killErr == nil, os.Getenv("XFERSPEC_TEST_SECRET"))
	fmt.Printf("own=%v\n", os.WriteFile("own", []byte("mine"), 0o600))
}

// boxed returns a box for the tests, with this binary in it.
func boxed(t *testing.T) *confine.Box {
	t.Helper()
	if err := confine.Check(t.Context()); err != nil {
		t.Skipf("this system confines nobody: %v", err)
	}
	path, err := os.Executable()
	check(t, err)
	box := &confine.Box{
		Limits:   confine.Limits{Memory: 256 << 20, Processes: 100, File: 64 << 20, CPU: 60, Output: 1 << 20},
		Readable: []string{filepath.Dir(path)}, Log: filepath.Join(t.TempDir(), "log"),
	}
	if confine.HasUsers() {
		box.UID = confine.FirstUID
	}
	return box
}

func TestBoxHidesTheMachine(t *testing.T) {
	t.Setenv("XFERSPEC_TEST_SECRET", "token")
	box := boxed(t)
	decoy := filepath.Join(t.TempDir(), "decoy")
	check(t, os.WriteFile(decoy, []byte("precious"), 0o666))
	check(t, os.Chmod(decoy, 0o666)) // it is the box that protects it
	run := ran(t, ClientConfig{Command: program(t, "poke", decoy), Box: box}, nil)
	defer func() { check(t, run.Close()) }()
	want := "true true true true true true true parent=1 killable=%t env=\"\" own=<nil>\n"
	if want = fmt.Sprintf(want, box.UID == 0); run.Output != want {
		t.Errorf("inside:\n%s%+v\nwant:\n%s", run.Output, run, want)
	}
	if text, err := os.ReadFile(decoy); string(text) != "precious" {
		t.Errorf("the decoy: %q, %v", text, err)
	}
	if text, err := os.ReadFile(filepath.Join(run.Dir, "own")); string(text) != "mine" {
		t.Errorf("its own file: %q, %v", text, err)
	}
}

func TestBoxKeepsTheEnd(t *testing.T) {
	box := boxed(t)
	if run := ran(t, ClientConfig{Command: program(t, "fail", "7", "words"), Box: box}, nil); run.ExitCode != 7 || run.Output != "words\n" {
		t.Errorf("%+v", run)
	}
	if run := ran(t, ClientConfig{Command: program(t, "crash"), Box: box}, nil); run.Signal != "killed" || run.ExitCode != -1 {
		t.Errorf("%+v", run)
	}
	dir := t.TempDir()
	check(t, os.WriteFile(filepath.Join(dir, "noise"), []byte("\x00\x01"), 0o755))
	_, err := RunClient(t.Context(), ClientConfig{Dir: dir, Command: []string{"./noise"}, Box: box}, nil)
	if fault, ok := errors.AsType[*ConfigError](err); !ok || !strings.Contains(fault.Reason, "cannot execute") {
		t.Errorf("%v", err)
	}
	if run := ran(t, ClientConfig{Command: program(t, "hang"), Box: box, Timeout: 300 * time.Millisecond}, nil); !run.TimedOut {
		t.Errorf("%+v", run)
	}
}

func TestBoxEndsAll(t *testing.T) {
	box := boxed(t)
	for _, way := range []string{"leave-child", "leave-session"} {
		children := childListener(t)
		if run := ran(t, ClientConfig{Command: program(t, way, children.Addr().String()), Box: box}, nil); run.ExitCode != 0 || !run.Leftover {
			t.Errorf("%s: %+v", way, run)
		}
		expectDeath(t, children)
	}
}

func TestBoxServer(t *testing.T) {
	s := started(t, ServerConfig{Command: program(t, "serve-gracefully"), Ready: greeted, Box: boxed(t)})
	first := s.Addr()
	check(t, s.Restart(t.Context()))
	if _, err := os.Stat(filepath.Join(s.Dir(), "stopped")); err != nil {
		t.Errorf("SIGTERM has not arrived: %v", err)
	}
	if s.Addr() == first {
		t.Error("the same port again")
	}
	check(t, s.Kill())
	if state, ended := s.Exited(); !ended || state.Signal != "killed" {
		t.Errorf("%v %t", state, ended)
	}
}

func TestBoxLimits(t *testing.T) {
	box := boxed(t)
	for _, test := range []struct {
		name    string
		command []string
		log     string
	}{
		{"output", program(t, "chatter", "1000000000"), "printed more than 1 MiB"},
		{"memory", program(t, "eat", "2000"), "took more than 256 MiB"},
		{"processes", program(t, "crowd", "300"), "more than 100 processes"},
	} {
		t.Run(test.name, func(t *testing.T) {
			own := *box
			own.Log = filepath.Join(t.TempDir(), "log")
			run := ran(t, ClientConfig{Command: test.command, Box: &own}, nil)
			log, _ := os.ReadFile(own.Log)
			if !strings.Contains(string(log), test.log) || !strings.Contains(run.Output, test.log) || run.TimedOut {
				t.Errorf("log %q, %+v", log, run)
			}
		})
	}
}

// TestBoxForOrdinaryUsers runs the tests above as somebody who is not root.
func TestBoxForOrdinaryUsers(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("the tests have just been run as an ordinary user")
	}
	path, err := os.Executable()
	check(t, err)
	home, err := os.MkdirTemp("/tmp", "xferspec-user-*")
	check(t, err)
	defer func() { _ = os.RemoveAll(home) }()
	text, err := os.ReadFile(path)
	check(t, err)
	copied := filepath.Join(home, "bin", "target.test")
	check(t, os.Mkdir(filepath.Dir(copied), 0o755))
	check(t, os.WriteFile(copied, text, 0o755))
	check(t, os.Chmod(home, 0o777))
	cmd := exec.CommandContext(t.Context(), copied, "-test.run", "^TestBox[^F]", "-test.v")
	cmd.Dir, cmd.Env = home, append(os.Environ(), "TMPDIR="+home)
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
	output, err := cmd.CombinedOutput()
	if err != nil || !strings.Contains(string(output), "--- PASS: TestBoxHidesTheMachine") && !strings.Contains(string(output), "this system confines nobody") {
		t.Errorf("%v\n%s", err, output)
	}
}
