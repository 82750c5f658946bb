//go:build !linux

package target

import "errors"

// groupMemory is not to be had on this system.
func groupMemory(int) (int64, error) { return 0, errors.ErrUnsupported }
