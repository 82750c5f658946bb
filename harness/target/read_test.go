//go:build unix

package target

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestReadIsNotMisled: whatever an implementation leaves in its folder, reading
// it ends, takes no more memory than it may, and stays inside.
func TestReadIsNotMisled(t *testing.T) {
	dir, outside := t.TempDir(), filepath.Join(t.TempDir(), "secret")
	check(t, os.WriteFile(outside, []byte("secret"), 0o600))
	check(t, os.Mkdir(filepath.Join(dir, "folder"), 0o700))
	check(t, os.WriteFile(filepath.Join(dir, "folder", "plain"), []byte("text"), 0o600))
	check(t, syscall.Mkfifo(filepath.Join(dir, "pipe"), 0o600))
	check(t, os.WriteFile(filepath.Join(dir, "huge"), nil, 0o600))
	check(t, os.Truncate(filepath.Join(dir, "huge"), 100<<30))
	for name, to := range map[string]string{
		"near": "folder/plain", "whole": filepath.Join(dir, "folder", "plain"), "far": outside, "up": strings.Repeat("../", 30) + "etc/passwd",
		"endless": "/dev/zero", "topipe": "pipe", "loop": "loop",
	} {
		check(t, os.Symlink(to, filepath.Join(dir, name)))
	}
	for name, want := range map[string]string{
		"folder/plain": "", "near": "", "whole": "", filepath.Join(dir, "near"): "",
		"far": "leads out of its folder", "up": "leads out of its folder", "endless": "leads out of its folder",
		outside: "leads out of its folder", "pipe": "not a regular file", "topipe": "not a regular file",
		"folder": "not a regular file", "huge": "more than 10 bytes", "loop": "too many links",
	} {
		content, err := ReadFile(dir, name, 10)
		if want == "" && (err != nil || string(content) != "text") {
			t.Errorf("%s: %q, %v", name, content, err)
		}
		if want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s: error is %v, want …%s…", name, err, want)
		}
	}
	if _, err := ReadFile(dir, "none", 10); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no such file: %v", err)
	}
	if _, err := ReadFile(dir, "huge", 10); !errors.Is(err, ErrTooLong) {
		t.Errorf("a long file: %v", err)
	}
}
