package store_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/xferspec/xferspec/reference/store"
)

// A kill may come between the making of two folders.
func TestHalfMadeFolders(t *testing.T) {
	for _, made := range []string{"", "files", "incoming"} {
		t.Run("only "+made, func(t *testing.T) {
			dir := t.TempDir()
			s := open(t, dir)
			ada := register(t, s, "Ada")
			if err := os.MkdirAll(filepath.Join(dir, "clients", ada.String(), made), 0o700); err != nil {
				t.Fatal(err)
			}
			if err := put(t, s, ada, "f", "text"); err != nil {
				t.Error(err)
			}
			if err := s.Verify(t.Context(), ada, "f"); err != nil {
				t.Error(err)
			}
		})
	}
}

// A file that cannot be moved leaves what was stored before as it was, verified or
// not (ERR-5). The obstacle is a folder under the file's name.
func TestKeepFails(t *testing.T) {
	for _, verified := range []bool{false, true} {
		dir := t.TempDir()
		s := open(t, dir)
		ada := register(t, s, "Ada")
		if err := put(t, s, ada, "f", "old"); err != nil {
			t.Fatal(err)
		}
		if verified {
			if err := s.Verify(t.Context(), ada, "f"); err != nil {
				t.Fatal(err)
			}
		}
		obstruct(t, path(dir, ada, "f"))
		if err := put(t, s, ada, "f", "new"); err == nil {
			t.Error("a file takes the place of a folder")
		}
		want := map[bool]error{false: nil, true: store.ErrNoFile}[verified] // it forgets only what is not verified
		if err := os.RemoveAll(path(dir, ada, "f")); err != nil {
			t.Fatal(err)
		}
		if err := s.Forget(t.Context(), ada, "f"); !errors.Is(err, want) {
			t.Errorf("verified %t: Forget: %v, want %v", verified, err, want)
		}
	}
	dir := t.TempDir()
	s := open(t, dir)
	ada := register(t, s, "Ada")
	obstruct(t, path(dir, ada, "f"))
	if err := put(t, s, ada, "f", "new"); err == nil {
		t.Error("a file takes the place of a folder")
	}
	if err := s.Verify(t.Context(), ada, "f"); !errors.Is(err, store.ErrNoFile) {
		t.Errorf("Verify of a file that could not be kept: %v, want ErrNoFile", err)
	}
}

// obstruct puts a folder that is not empty in the place of a file.
func obstruct(t *testing.T, path string) {
	t.Helper()
	if err := os.RemoveAll(path); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Join(path, "in the way"), 0o700); err != nil {
		t.Fatal(err)
	}
}

// A row without its file, as a crash may leave it, is in nobody's way.
func TestRowWithoutFile(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	ada := register(t, s, "Ada")
	for _, then := range []func() error{
		func() error { return s.Forget(t.Context(), ada, "g") },
		func() error { return put(t, s, ada, "g", "new") },
	} {
		if err := put(t, s, ada, "g", "text"); err != nil {
			t.Fatal(err)
		}
		if err := os.Remove(path(dir, ada, "g")); err != nil {
			t.Fatal(err)
		}
		if err := then(); err != nil {
			t.Error(err)
		}
	}
	if got, err := os.ReadFile(path(dir, ada, "g")); err != nil || string(got) != "new" {
		t.Errorf("stored %q, %v", got, err)
	}
}
