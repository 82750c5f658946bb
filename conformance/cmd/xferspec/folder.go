package main

import (
	"os"
	"os/exec"
	"path/filepath"
)

func (f *testFlags) inContainer() bool { return f.image != "" || f.build != "" }

// folder returns the folder that the target runs in a copy of: the one that was
// named, else this one if the command names a file in it, else none. A command
// in a container names files of the container.
func (f *testFlags) folder(command []string) string {
	if f.dir != "" || f.inContainer() {
		return f.dir
	}
	for i, word := range command {
		if filepath.IsAbs(word) {
			continue
		}
		if _, err := exec.LookPath(word); i == 0 && err == nil && filepath.Base(word) == word {
			continue // a program on the PATH, though a file here may have its name
		}
		if _, err := os.Stat(word); err == nil {
			return "."
		}
	}
	return ""
}
