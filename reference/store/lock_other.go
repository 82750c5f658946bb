//go:build !unix

package store

import "os"

// lock locks nothing: a folder has no lock here.
func lock(root *os.Root) (*os.File, error) { return root.Open(".") }
