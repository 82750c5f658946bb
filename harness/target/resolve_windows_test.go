package target

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
)

// Programs are found without their ending, however the path is written.
func TestResolveOnWindows(t *testing.T) {
	dir := t.TempDir()
	want := filepath.Join(dir, "x64", "client.exe")
	if err := errors.Join(os.MkdirAll(filepath.Dir(want), 0o700), os.WriteFile(want, nil, 0o700)); err != nil {
		t.Fatal(err)
	}
	t.Chdir(t.TempDir())
	for _, name := range []string{`.\x64\client`, `./x64/client`, `x64\client.exe`, `x64/client`, want} {
		if got, err := resolve(name, dir); err != nil || got != want {
			t.Errorf("%s: %s, %v, want %s", name, got, err, want)
		}
	}
	for _, name := range []string{`C:client`, `.\none`, `client`} {
		if got, err := resolve(name, dir); err == nil {
			t.Errorf("%s is %s", name, got)
		}
	}
}
