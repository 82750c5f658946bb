package grade

import "syscall"

// ownGroup has a process lead a group of its own, so that a console's interrupt
// reaches this program alone.
func ownGroup() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{CreationFlags: syscall.CREATE_NEW_PROCESS_GROUP}
}
