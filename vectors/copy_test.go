package vectors_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xferspec/xferspec/vectors"
)

func TestCopy(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new", "vectors")
	n, err := vectors.Copy(dir)
	if err != nil {
		t.Fatal(err)
	}
	if got := len(walk(t, dir)); got != n {
		t.Errorf("Copy counts %d files, there are %d", n, got)
	}
	for _, name := range []string{"README.md", "data/cksum.json", "schema/common.schema.json"} {
		want, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := os.ReadFile(filepath.Join(dir, name)); err != nil || string(got) != string(want) {
			t.Errorf("%s was not copied as it is (%v)", name, err)
		}
	}
	set, err := vectors.LoadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	if set.Count() != load(t).Count() {
		t.Errorf("the copy has %d vectors", set.Count())
	}
	if again, err := vectors.Copy(dir); err != nil || again != n {
		t.Errorf("copying once more: %d, %v", again, err)
	}
}

func TestCopyLeavesForeignFiles(t *testing.T) {
	dir := t.TempDir()
	readme := filepath.Join(dir, "README.md")
	if err := os.WriteFile(readme, []byte("mine\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	n, err := vectors.Copy(dir)
	if !errors.Is(err, vectors.ErrForeign) || !strings.Contains(err.Error(), readme) || n != 0 {
		t.Errorf("%d files, the error is %v", n, err)
	}
	if files := walk(t, dir); len(files) != 1 {
		t.Errorf("there are now %v", files)
	}
}

func TestCopyToAFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := vectors.Copy(file); err == nil || !strings.Contains(err.Error(), file) {
		t.Errorf("the error is %v", err)
	}
}

// walk returns the files under a folder.
func walk(t *testing.T, dir string) []string {
	t.Helper()
	var files []string
	err := filepath.Walk(dir, func(name string, info os.FileInfo, err error) error {
		if err == nil && !info.IsDir() {
			files = append(files, name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// TestCopyThroughNoLink: a link in the folder does not lead the copy elsewhere.
func TestCopyThroughNoLink(t *testing.T) {
	dir, outside := t.TempDir(), t.TempDir()
	if err := os.Symlink(outside, filepath.Join(dir, "data")); err != nil {
		t.Skip("there are no links here")
	}
	if _, err := vectors.Copy(dir); err == nil {
		t.Error("no error")
	}
	if files := walk(t, outside); len(files) > 0 {
		t.Errorf("written: %v", files)
	}
}
