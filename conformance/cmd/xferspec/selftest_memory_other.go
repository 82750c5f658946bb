//go:build !linux

package main

// quickTemp returns no folder: only on Linux is one known.
func quickTemp() string { return "" }
