// Package ending says how this program ends the copies of itself that it starts.
package ending

import (
	"os"
	"os/exec"
	"runtime"
	"syscall"
	"time"
)

// InOrder makes the end of a command's context ask its process to end, so that it
// can end what it has started itself, and kills it after a grace period.
func InOrder(cmd *exec.Cmd, grace time.Duration) {
	cmd.Cancel = func() error { return ask(runtime.GOOS, cmd.Process) }
	cmd.WaitDelay = grace
}

// ask sends SIGTERM. On Windows nothing asks a process to end, but Ctrl-C reaches all
// processes of a console by itself: to kill one at once would leave behind what it is
// about to end. There it has the grace period, and is killed if that is not enough.
func ask(system string, process *os.Process) error {
	if system == "windows" {
		return nil
	}
	return process.Signal(syscall.SIGTERM)
}
