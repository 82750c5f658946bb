package target

import (
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// CheckProgram says whether the first word of a command names a program, for a run
// in the folder dir. What cannot be found or executed is a *ConfigError.
func CheckProgram(name, dir string) error {
	_, err := resolve(name, dir)
	return err
}

// resolve finds the program that the first word of a command names, for a run
// in the folder dir: a bare name along PATH; a relative path inside dir if it
// exists there, else from the working directory. The result is absolute. What
// cannot be found or executed is a *ConfigError.
func resolve(name, dir string) (string, error) {
	fault := func(err error, format string, args ...any) error {
		return &ConfigError{Subject: fmt.Sprintf("command %q", name), Reason: fmt.Sprintf(format, args...), Err: err}
	}
	if name == "" {
		return "", fault(nil, "it has no name")
	}
	if !strings.ContainsRune(filepath.ToSlash(name), '/') {
		path, err := lookProgram(name)
		if err == nil {
			return filepath.Abs(path)
		}
		if _, here := os.Stat(filepath.Join(dir, name)); here == nil {
			return "", fault(err, "not found along PATH; for the file of that name in the folder write ./%s", name)
		}
		return "", fault(err, "not found along PATH")
	}
	places := []string{name}
	if !filepath.IsAbs(name) && filepath.IsLocal(name) {
		places = []string{filepath.Join(dir, name), name}
	}
	for _, place := range places {
		path, err := exec.LookPath(place)
		if err == nil {
			return filepath.Abs(path)
		}
		if info, missing := os.Stat(place); missing == nil && info.IsDir() {
			return "", fault(err, "this is a folder, name the program in it")
		} else if missing == nil {
			return "", fault(err, "it may not be executed: run chmod +x on it, or name its interpreter before it")
		}
	}
	if filepath.IsAbs(name) {
		return "", fault(fs.ErrNotExist, "there is no such file")
	}
	return "", fault(fs.ErrNotExist, "there is no such file in the folder, nor from the working directory")
}
