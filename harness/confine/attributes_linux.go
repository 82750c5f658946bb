package confine

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
)

// roomAttributes are those of a process that can put up the walls of a room: it
// has a group of its own, and dies with the thread that starts it.
func roomAttributes() (*syscall.SysProcAttr, error) {
	a := &syscall.SysProcAttr{
		Setpgid: true, Pdeathsig: syscall.SIGKILL,
		Cloneflags: syscall.CLONE_NEWNS | syscall.CLONE_NEWNET | syscall.CLONE_NEWIPC,
	}
	withUser(a)
	return a, nil
}

// boxAttributes are those of the first process of a box.
func boxAttributes() (*syscall.SysProcAttr, error) {
	a := &syscall.SysProcAttr{
		Setpgid: true, Pdeathsig: syscall.SIGKILL,
		Cloneflags: syscall.CLONE_NEWNS | syscall.CLONE_NEWPID | syscall.CLONE_NEWIPC,
	}
	withUser(a)
	return a, nil
}

// withUser has an ordinary user become root in a world of their own.
func withUser(a *syscall.SysProcAttr) {
	if os.Geteuid() == 0 {
		return
	}
	a.Cloneflags |= syscall.CLONE_NEWUSER
	a.UidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}}
	a.GidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}}
}

// FirstUID is the first of the users as whom boxes may run where this program is
// root. Debian and its kin give none of them to anybody.
const FirstUID = 600_000_000

// HasUsers says whether boxes can run as users of their own: whether this
// program is root, of a system in which there are such users.
func HasUsers() bool {
	if os.Geteuid() != 0 {
		return false
	}
	ids, err := os.ReadFile("/proc/self/uid_map")
	if err != nil {
		return false
	}
	for lines := bufio.NewScanner(bytes.NewReader(ids)); lines.Scan(); {
		var inside, outside, n int64
		if _, err := fmt.Sscan(lines.Text(), &inside, &outside, &n); err == nil && inside <= FirstUID && FirstUID+1_000_000 <= inside+n {
			return true
		}
	}
	return false
}

// Check says why this system confines nobody; nil if it does.
func Check(ctx context.Context) error {
	temp, err := os.MkdirTemp("", "xferspec-room-*")
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(temp) }()
	cmd := exec.CommandContext(ctx, "")
	cmd.Dir = temp
	room := Room{Temp: temp, Disk: 1 << 20}
	if err := room.Prepare(cmd); err != nil {
		return err
	}
	for i, entry := range cmd.Env {
		cmd.Env[i] = strings.Replace(entry, setting+`={"room"`, setting+`={"none":{},"room"`, 1)
	}
	output, err := cmd.CombinedOutput()
	if text := strings.TrimSpace(string(output)); text != "" {
		return errors.New(text)
	}
	return err
}
