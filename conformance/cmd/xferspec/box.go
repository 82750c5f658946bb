package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"github.com/xferspec/xferspec/harness/confine"
)

// boxFlag is the box in which the target runs, as JSON; none without the flag.
type boxFlag struct{ *confine.Box }

// Set reads the box and makes the one folder outside its own that the target may write.
func (f *boxFlag) Set(text string) error {
	if err := json.Unmarshal([]byte(text), &f.Box); err != nil {
		return err
	}
	outside := filepath.Join(os.TempDir(), "outside")
	if err := os.MkdirAll(outside, 0o755); err != nil { //nolint:gosec // the target is somebody else
		return fmt.Errorf("--box: %w", err)
	}
	f.Open = []string{outside}
	return nil
}

// String returns what Set reads.
func (f *boxFlag) String() string {
	if f.Box == nil {
		return ""
	}
	return f.Box.String()
}

// Type is what the help calls the value.
func (f *boxFlag) Type() string { return "JSON" }

// args returns the flag that says the same.
func (f *boxFlag) args() []string {
	if f.Box == nil {
		return nil
	}
	return []string{"--box", f.String()}
}
