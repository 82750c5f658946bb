//go:build unix

package target

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestResolve(t *testing.T) {
	here, dir, path := t.TempDir(), t.TempDir(), t.TempDir()
	for _, p := range []string{
		filepath.Join(here, "both"), filepath.Join(here, "mine"), filepath.Join(filepath.Dir(here), "beside"),
		filepath.Join(dir, "both"), filepath.Join(dir, "sub", "own"), filepath.Join(path, "xtool"),
	} {
		check(t, os.MkdirAll(filepath.Dir(p), 0o700))
		check(t, os.WriteFile(p, nil, 0o700))
	}
	lay(t, dir, "plain", "bare")
	t.Chdir(here)
	t.Setenv("PATH", path)
	good := map[string]string{
		"./both":                     filepath.Join(dir, "both"),
		"sub/own":                    filepath.Join(dir, "sub", "own"),
		"./mine":                     filepath.Join(here, "mine"),
		"../beside":                  filepath.Join(filepath.Dir(here), "beside"),
		filepath.Join(path, "xtool"): filepath.Join(path, "xtool"),
		"xtool":                      filepath.Join(path, "xtool"),
	}
	for name, want := range good {
		if got, err := resolve(name, dir); err != nil || got != want {
			t.Errorf("%s: %s, %v, want %s", name, got, err, want)
		}
	}
	bad := map[string]string{
		"":           "no name",
		"./none":     "no such file in the folder, nor from the working directory",
		"/none/none": "there is no such file",
		"./plain":    "chmod +x",
		"./sub":      "this is a folder",
		"none":       "not found along PATH",
		"bare":       "write ./bare",
	}
	for name, want := range bad {
		_, err := resolve(name, dir)
		var wrong *ConfigError
		if !errors.As(err, &wrong) || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want …%s…", name, err, want)
		}
	}
}
