//go:build !linux

package target

import (
	"errors"
	"time"
)

// Memory and processor time of a group are not to be had on this system.

func groupMemory(int) (int64, error)      { return 0, errors.ErrUnsupported }
func processMemory(int) (int64, error)    { return 0, errors.ErrUnsupported }
func resetGroupMemory(int) error          { return errors.ErrUnsupported }
func groupCPU(int) (time.Duration, error) { return 0, errors.ErrUnsupported }
