package confine

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"sync"
	"syscall"

	"golang.org/x/sys/unix"
)

// exitFault is the exit status of a process that cannot put up its walls.
const exitFault = 4

// init puts up the walls if this process is to have some. It does so before
// anything else runs, for a process has more threads later.
func init() {
	text, ok := os.LookupEnv(setting)
	if !ok {
		return
	}
	_ = os.Unsetenv(setting)
	var what order
	err := json.Unmarshal([]byte(text), &what)
	switch {
	case err != nil:
	case what.Box != nil:
		keepBox(what) // does not return
	case what.Room != nil:
		err = enterRoom(what.Room)
	}
	if err != nil {
		fmt.Fprintf(os.Stderr, "xferspec: isolation: %v\n", err)
		os.Exit(exitFault)
	}
	if what.None != nil {
		tryBox()
		os.Exit(0)
	}
}

// tryBox says on the standard output why there can be no box in this room.
func tryBox() {
	cmd := exec.Command("/no such program") //nolint:noctx // it ends at once
	cmd.Dir = os.TempDir()
	confined, err := (&Box{Limits: Limits{Processes: 64, File: 1 << 20, CPU: 10}}).Prepare(cmd)
	if err == nil {
		err = cmd.Start()
	}
	if err == nil {
		if err = confined.Started(); errors.Is(err, syscall.ENOENT) {
			err = nil // all walls were up when the program was looked for
		}
		_ = cmd.Wait() // what there is to say has been said
		confined.Ended()
	}
	if err != nil {
		fmt.Println(err)
	}
}

// keepBox is what the first process of a box does: it starts the program, buries
// whoever dies, and tells how the program ended.
func keepBox(what order) {
	runtime.LockOSThread() // privileges are given up thread by thread
	syscall.CloseOnExec(3)
	tell := &teller{to: json.NewEncoder(os.NewFile(3, "status"))}
	if err := enterBox(what.Box, what.Dir); err != nil {
		tell.last(message{Fault: err.Error()})
	}
	pid, err := startInBox(what)
	if errno, ok := errors.AsType[syscall.Errno](err); ok {
		tell.last(message{Errno: errno})
	}
	if err != nil {
		tell.last(message{Fault: err.Error()})
	}
	tell.say(message{})
	passTerm(pid)
	watch(what.Box.Limits, tell)
	status := bury(pid)
	end := &End{Code: status.ExitStatus(), Leftover: len(processes()) > 0}
	if status.Signaled() {
		end.Signal = status.Signal()
	}
	if end.Signal == syscall.SIGXCPU || end.Signal == syscall.SIGXFSZ {
		tell.say(message{Reached: "it was ended, for " + map[syscall.Signal]string{
			syscall.SIGXCPU: fmt.Sprintf("it computed for more than %d s", what.Box.Limits.CPU),
			syscall.SIGXFSZ: fmt.Sprintf("it wrote more than %d MiB to a file", what.Box.Limits.File>>20),
		}[end.Signal]})
	}
	tell.last(message{End: end})
}

// teller sends messages to whoever has started the box.
type teller struct {
	mu sync.Mutex
	to *json.Encoder
}

// say sends a message. Whoever does not hear it sees the end.
func (t *teller) say(m message) {
	t.mu.Lock()
	defer t.mu.Unlock()
	_ = t.to.Encode(m)
}

// last sends a message and ends the box.
func (t *teller) last(m message) {
	t.say(m)
	os.Exit(0)
}

// startInBox starts the program with its limits and without privileges.
func startInBox(what order) (pid int, err error) {
	fault := func(what string, err error) error { return fmt.Errorf("%s: %v", what, err) } //nolint:errorlint // no errno of the program's
	// The kernel takes memory back here first.
	_ = os.WriteFile("/proc/self/oom_score_adj", []byte("1000"), 0o600)
	attributes := &syscall.SysProcAttr{}
	if uid := uint32(what.Box.UID); uid != 0 {
		attributes.Credential = &syscall.Credential{Uid: uid, Gid: uid}
	}
	if err := dropPrivileges(); err != nil {
		return 0, fault("give up privileges", err)
	}
	null, err := os.Open(os.DevNull)
	if err != nil {
		return 0, fault("open", err)
	}
	defer null.Close()
	restore, err := lowerLimits(what.Box)
	if err != nil {
		return 0, fault("set limits", err)
	}
	pid, err = syscall.ForkExec(what.Path, what.Args, &syscall.ProcAttr{
		Dir: what.Dir, Env: environment(what.Dir), Files: []uintptr{null.Fd(), 1, 2}, Sys: attributes,
	})
	restore()
	if err != nil || what.Box.UID != 0 {
		return pid, err
	}
	for resource, most := range resources(what.Box.Limits) {
		if err := unix.Prlimit(pid, resource, &unix.Rlimit{Cur: most, Max: most}, nil); err != nil && !errors.Is(err, unix.ESRCH) {
			return 0, fault("set limits", err)
		}
	}
	return pid, nil
}

// resources are the limits that the kernel itself keeps.
func resources(limits Limits) map[int]uint64 {
	return map[int]uint64{
		unix.RLIMIT_CORE: 0, unix.RLIMIT_FSIZE: uint64(limits.File),
		unix.RLIMIT_NPROC: uint64(limits.Processes), unix.RLIMIT_CPU: uint64(limits.CPU),
	}
}

// lowerLimits gives this process the limits that the program begins with. They
// stay where the program is another user; else they would be too low for us, whose
// threads count, too: then only the soft ones are lowered, until restore.
func lowerLimits(box *Box) (restore func(), err error) {
	old := map[int]unix.Rlimit{}
	restore = func() {
		for resource, limit := range old {
			_ = unix.Setrlimit(resource, &limit) // what is raised again was so before
		}
	}
	for resource, most := range resources(box.Limits) {
		var limit unix.Rlimit
		if err := unix.Getrlimit(resource, &limit); err != nil {
			return restore, err
		}
		if box.UID == 0 {
			old[resource] = limit
		} else {
			limit.Max = min(most, limit.Max)
		}
		limit.Cur = min(most, limit.Max)
		if err := unix.Setrlimit(resource, &limit); err != nil {
			return restore, err
		}
	}
	return restore, nil
}

// dropPrivileges sees to it that nothing that this thread starts ever gets any.
func dropPrivileges() error {
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return err
	}
	for capability := uintptr(0); capability <= unix.CAP_LAST_CAP; capability++ {
		if err := unix.Prctl(unix.PR_CAPBSET_DROP, capability, 0, 0, 0); err != nil && !errors.Is(err, unix.EINVAL) {
			return err
		}
	}
	return nil
}

// environment is all that the program is told: nothing of ours, which may hold secrets.
func environment(dir string) []string {
	env := []string{"HOME=" + dir, "TMPDIR=/tmp", "USER=submission", "PYTHONDONTWRITEBYTECODE=1"}
	for _, name := range []string{"PATH", "LANG", "LC_ALL", "TZ"} {
		if value, ok := os.LookupEnv(name); ok {
			env = append(env, name+"="+value)
		}
	}
	return env
}

// passTerm passes SIGTERM on to a program that has left our group; one that has
// not gets it anyway. The first process of a namespace has to say that it wants signals.
func passTerm(pid int) {
	asked := make(chan os.Signal, 1)
	signal.Notify(asked, syscall.SIGTERM)
	go func() {
		for range asked {
			if group, err := syscall.Getpgid(pid); err == nil && group != syscall.Getpgrp() {
				_ = syscall.Kill(pid, syscall.SIGTERM)
			}
		}
	}()
}

// bury waits for everyone's end until the program's.
func bury(pid int) syscall.WaitStatus {
	for {
		var status syscall.WaitStatus
		dead, err := syscall.Wait4(-1, &status, 0, nil)
		if dead == pid {
			return status
		}
		if err != nil && !errors.Is(err, syscall.EINTR) {
			return status
		}
	}
}

// Own gives a folder, and all that is in it, to the user of the box.
func (b *Box) Own(dir string) error {
	if b == nil || b.UID == 0 {
		return nil
	}
	return filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		return os.Lchown(path, b.UID, b.UID) //nolint:gosec // nobody who could move it is alive
	})
}
