//go:build unix

package target

import (
	"os"
	"syscall"
)

// lockFile locks a file that it makes if need be, or fails at once. The lock
// ends with the process at the latest.
func lockFile(path string) (unlock func(), err error) {
	f, err := os.Open(path) // it may be another user's
	if err != nil {
		f, err = os.OpenFile(path, os.O_RDONLY|os.O_CREATE, 0o644) //nolint:gosec // no secret
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
