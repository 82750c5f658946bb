//go:build unix && !linux

package target

import "syscall"

// groupAttributes puts a program into its own group.
func groupAttributes() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }

// groupAlive says whether a group has members.
func groupAlive(id int) bool { return syscall.Kill(-id, 0) == nil }
