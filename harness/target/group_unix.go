//go:build unix

package target

import (
	"os"
	"syscall"
)

// terminateGroup sends SIGTERM to the group that a process leads.
func terminateGroup(leader *os.Process) { _ = syscall.Kill(-leader.Pid, syscall.SIGTERM) }

// killGroup sends SIGKILL to a group.
func killGroup(id int) { _ = syscall.Kill(-id, syscall.SIGKILL) }

// bindStrictly makes a socket as picky about used ports as a server that sets no options.
func bindStrictly(_, _ string, socket syscall.RawConn) error {
	var failed error
	err := socket.Control(func(fd uintptr) {
		failed = syscall.SetsockoptInt(int(fd), syscall.SOL_SOCKET, syscall.SO_REUSEADDR, 0)
	})
	if err != nil {
		return err
	}
	return failed
}
