package target

import (
	"os"
	"syscall"
)

func groupAttributes() *syscall.SysProcAttr { return nil }

// terminateGroup kills the process: there is no way to ask it.
func terminateGroup(leader *os.Process) { _ = leader.Kill() }

// killGroup does nothing: there are no groups.
func killGroup(int) {}

func groupAlive(int) bool { return false }

// bindStrictly does nothing: Go sets no option that would have to be taken back.
func bindStrictly(_, _ string, _ syscall.RawConn) error { return nil }
