//go:build unix

package target

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// lay writes files: "name/" is a folder, "name>target" a symbolic link.
func lay(t *testing.T, dir string, names ...string) {
	t.Helper()
	for _, name := range names {
		link, target, isLink := strings.Cut(name, ">")
		path := filepath.Join(dir, link)
		switch {
		case isLink:
			check(t, os.Symlink(target, path))
		case strings.HasSuffix(name, "/"):
			check(t, os.MkdirAll(path, 0o700))
		default:
			check(t, os.WriteFile(path, []byte(name), 0o600))
		}
	}
}

func TestCopyFolder(t *testing.T) {
	root := t.TempDir()
	outside := filepath.Join(root, "outside")
	src := filepath.Join(root, "src")
	lay(t, root, "outside", "src/")
	lay(t, src, "run", "sub/", "sub/data", "sub/.git", ".git/", ".git/config", ".gitignore",
		"file>sub/data", "sub/up>../run", "folder>sub", "nowhere>gone",
		"absolute>"+filepath.Join(src, "run"), "sub/round>../../src/run", "tool>"+outside, "toolagain>tool")
	old := time.Date(2024, 5, 6, 7, 8, 9, 0, time.UTC)
	check(t, os.Chmod(filepath.Join(src, "run"), 0o751))
	check(t, os.Chtimes(filepath.Join(src, "run"), old, old))
	check(t, os.Chmod(filepath.Join(src, "sub"), 0o500))

	dst, err := newFolder(t.Context(), "xferspec-test-*", src)
	check(t, err)
	defer func() { check(t, removeFolder(dst)) }()

	info, err := os.Stat(filepath.Join(dst, "run"))
	check(t, err)
	if info.Mode() != 0o751 || !info.ModTime().Equal(old) {
		t.Errorf("run has mode %s and time %s", info.Mode(), info.ModTime())
	}
	if info, err = os.Stat(filepath.Join(dst, "sub")); err != nil || info.Mode().Perm() != 0o500 {
		t.Errorf("sub has mode %s, %v", info.Mode(), err)
	}
	for name, want := range map[string]string{
		"sub/data": "sub/data", ".gitignore": ".gitignore", "file": "sub/data", "sub/up": "run",
		"folder/data": "sub/data", "absolute": "run", "sub/round": "run", "tool": "outside", "toolagain": "outside",
	} {
		if text, err := os.ReadFile(filepath.Join(dst, name)); err != nil || string(text) != want {
			t.Errorf("%s is %q, %v", name, text, err)
		}
		if end, err := filepath.EvalSymlinks(filepath.Join(dst, name)); err != nil || !within(dst, end) {
			t.Errorf("%s leads to %s, %v", name, end, err)
		}
	}
	if text, err := os.Readlink(filepath.Join(dst, "nowhere")); err != nil || text != "gone" {
		t.Errorf("nowhere leads to %s, %v", text, err)
	}
	for _, name := range []string{".git", "sub/.git"} {
		if _, err := os.Lstat(filepath.Join(dst, name)); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s was copied", name)
		}
	}
}

func TestCopyFolderRefuses(t *testing.T) {
	tests := []struct {
		name string
		lay  func(t *testing.T, dir string) string // returns the folder to copy
		want string
	}{
		{"a pipe", func(t *testing.T, dir string) string {
			check(t, syscall.Mkfifo(filepath.Join(dir, "pipe"), 0o600))
			return dir
		}, "pipe is a special file"},
		{"too large a file", func(t *testing.T, dir string) string {
			lay(t, dir, "image")
			check(t, os.Truncate(filepath.Join(dir, "image"), maxFolder+1))
			return dir
		}, "with image it holds more than 1024 MiB"},
		{"a link to a folder outside", func(t *testing.T, dir string) string {
			lay(t, dir, "data>/usr")
			return dir
		}, "symbolic link data leads outside, to /usr"},
		{"a loop of links", func(t *testing.T, dir string) string {
			lay(t, dir, "a>b", "b>a")
			return dir
		}, "symbolic link a"},
		{"no folder", func(_ *testing.T, dir string) string { return filepath.Join(dir, "none") }, "no such folder"},
		{"a file", func(t *testing.T, dir string) string {
			lay(t, dir, "file")
			return filepath.Join(dir, "file")
		}, "not a folder"},
		{"the temporary folder itself", func(*testing.T, string) string { return os.TempDir() }, "contains the temporary folder"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			src := test.lay(t, t.TempDir())
			t.Setenv("TMPDIR", t.TempDir())
			if test.name == "the temporary folder itself" {
				src = os.TempDir()
			}
			_, err := newFolder(t.Context(), "xferspec-test-*", src)
			var wrong *ConfigError
			if !errors.As(err, &wrong) || !strings.Contains(err.Error(), test.want) || strings.Contains(err.Error(), "\n") {
				t.Errorf("error is %v, want …%s…", err, test.want)
			}
			if left, _ := os.ReadDir(os.TempDir()); len(left) > 0 {
				t.Errorf("left behind: %v", left)
			}
		})
	}
}

func TestCopyFolderCountsAllFiles(t *testing.T) {
	src := t.TempDir()
	lay(t, src, "abc", "defg")
	for room, fits := range map[int64]bool{7: true, 6: false, 0: false} {
		c := copier{ctx: t.Context(), src: src, dst: t.TempDir(), room: room, entries: maxEntries}
		if err := c.copy(); (err == nil) != fits {
			t.Errorf("7 bytes into %d: %v", room, err)
		}
	}
}

func TestCopyFolderIsCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	src := t.TempDir()
	lay(t, src, "file")
	if err := copyFolder(ctx, t.TempDir(), src); !errors.Is(err, context.Canceled) {
		t.Errorf("error is %v", err)
	}
}
