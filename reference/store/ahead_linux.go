//go:build amd64 || arm64

package store

import (
	"os"
	"syscall"
)

// beginWriting tells the system to write n bytes from offset on to the disk, and
// does not wait. If that fails, Sync has more to do.
func beginWriting(f *os.File, offset, n int64) {
	const syncFileRangeWrite = 2
	_ = syscall.SyncFileRange(int(f.Fd()), offset, n, syncFileRangeWrite)
}
