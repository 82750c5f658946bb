//go:build !unix

package bench

import "time"

// ownCPU is not to be had on this system.
func ownCPU() time.Duration { return 0 }
