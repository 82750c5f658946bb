//go:build unix

package target

import (
	"os"
	"syscall"
)

// lockFile locks a file that it makes if need be, or fails at once. The lock
// ends with the process at the latest.
func lockFile(path string) (unlock func(), err error) {
	const safely = os.O_RDONLY | syscall.O_NOFOLLOW | syscall.O_NONBLOCK // anyone may write in the folder
	f, err := os.OpenFile(path, safely, 0)                               //nolint:gosec // it may be another user's
	if err != nil {
		f, err = os.OpenFile(path, safely|os.O_CREATE, 0o644) //nolint:gosec // other users have to lock it, and there is nothing in it
	}
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		_ = f.Close()
		return nil, err
	}
	return func() { _ = f.Close() }, nil
}
