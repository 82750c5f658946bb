//go:build unix

package store

import (
	"errors"
	"os"
	"syscall"
)

// lock keeps the folder to this process, until the file that it returns is closed or
// the process ends, however it does. Where the system cannot tell, as on some network
// drives, it is taken to be free.
func lock(root *os.Root) (*os.File, error) {
	folder, err := root.Open(".")
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(folder.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); errors.Is(err, syscall.EWOULDBLOCK) {
		_ = folder.Close()
		return nil, errInUse
	}
	return folder, nil
}
