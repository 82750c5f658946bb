//go:build linux

package endurance

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// nobody is the user without rights.
const nobody = 65534

// unprivileged returns a new folder and how to start a server in it that modes of
// files apply to: to root they do not.
func unprivileged(t *testing.T) setup {
	t.Helper()
	dir, err := os.MkdirTemp("", "endurance") // t.TempDir has parents that others may not enter
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	s := setup{dir: dir}
	if os.Getuid() == 0 {
		s.user = nobody
		if err := os.Chown(dir, nobody, nobody); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

// chmod changes a mode, and back with the test.
func chmod(t *testing.T, path string, mode, back os.FileMode) (restore func()) {
	t.Helper()
	if err := os.Chmod(path, mode); err != nil {
		t.Fatal(err)
	}
	restore = func() { _ = os.Chmod(path, back) }
	t.Cleanup(restore)
	return restore
}

// TestReadOnlyStart starts the server where it may not write.
func TestReadOnlyStart(t *testing.T) {
	begin(t)
	t.Run("folder", func(t *testing.T) {
		s := unprivileged(t)
		restore := chmod(t, s.dir, 0o500, 0o700)
		wantNoStart(t, s, "permission denied")
		restore()
		start(t, s).stop()
	})
	t.Run("database", func(t *testing.T) {
		s := unprivileged(t)
		start(t, s).stop()
		restore := chmod(t, filepath.Join(s.dir, "defensive.db"), 0o400, 0o600)
		wantNoStart(t, s, "permission denied")
		restore()
		start(t, s).stop()
	})
	t.Run("mount", func(t *testing.T) {
		dir := smallDisk(t, 1<<20)
		remount := func(flags uintptr) {
			if err := syscall.Mount("", dir, "", syscall.MS_REMOUNT|flags, ""); err != nil {
				t.Fatal(err)
			}
		}
		remount(syscall.MS_RDONLY)
		wantNoStart(t, setup{dir: dir}, "read-only file system")
		remount(0)
		start(t, setup{dir: dir}).stop()
	})
}

// TestReadOnlyFolders takes a running server's right to write in one of its folders
// after the other: a file is refused (1607), and nothing of the stored state changes
// (ERR-5). With the right it all works again, without a restart.
func TestReadOnlyFolders(t *testing.T) {
	begin(t)
	s := unprivileged(t)
	p := start(t, s)
	c := mustJoin(t, p.addr, "Ada")
	for _, err := range []error{c.upload("f", []byte("old")), c.verify("f")} {
		if err != nil {
			t.Fatal(err)
		}
	}
	files := filepath.Dir(storedAt(s.dir, c.id, "f"))
	for name, folder := range map[string]string{
		"incoming": filepath.Join(filepath.Dir(files), "incoming"),
		"files":    files,
		"client":   filepath.Join(s.dir, "clients"),
	} {
		t.Run(name, func(t *testing.T) {
			other := mustJoin(t, p.addr, name)
			restore := chmod(t, folder, 0o500, 0o700)
			sender := map[bool]*client{true: other, false: c}[name == "client"]
			if err := sender.upload("f", []byte("new")); !errors.Is(err, errRefused) {
				t.Errorf("a file for a folder that cannot be written: %v, want a refusal", err)
			}
			wantStored(t, s.dir, c.id, "f", []byte("old"))
			if r := readDatabase(t, s.dir); !r.verified[c.id.String()+"/f"] {
				t.Error("the old file does not count as verified any more")
			}
			if stray := unfinished(s.dir); len(stray) > 0 {
				t.Errorf("of the refused file is left: %q", stray)
			}
			restore()
			mustWork(t, p, sender)
		})
	}
}
