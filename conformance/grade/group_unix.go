//go:build unix

package grade

import "syscall"

// ownGroup has a process lead a group of its own, so that a terminal's interrupt
// reaches this program alone.
func ownGroup() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }
