package target

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Bounds of an implementation's folder.
const (
	maxFolder  = 1 << 30 // bytes
	maxEntries = 1 << 18 // files and folders
)

// newFolder makes a temporary folder that holds a copy of src, or nothing
// where src is "".
func newFolder(ctx context.Context, pattern, src string) (string, error) {
	// Without symbolic links, so that a program that asks for its folder finds the same.
	temporary, err := filepath.EvalSymlinks(os.TempDir())
	if err != nil {
		return "", fmt.Errorf("temporary folder: %w", err)
	}
	dir, err := os.MkdirTemp(temporary, pattern)
	if err != nil {
		return "", err
	}
	if src == "" {
		return dir, nil
	}
	if err := copyFolder(ctx, dir, src); err != nil {
		return "", errors.Join(err, removeFolder(dir))
	}
	return dir, nil
}

// Copy makes a temporary folder that holds a copy of one, such as a target runs
// in. What cannot be copied is a *ConfigError.
func Copy(ctx context.Context, src string) (string, error) {
	return newFolder(ctx, "xferspec-copy-*", src)
}

// removeFolder removes a folder and all that is in it, even where a program
// has made folders that nobody may write.
func removeFolder(dir string) error {
	if os.RemoveAll(dir) == nil {
		return nil
	}
	if root, err := os.OpenRoot(filepath.Dir(dir)); err == nil {
		_ = root.Chmod(filepath.Base(dir), 0o700)
		_ = root.Close()
	}
	if root, err := os.OpenRoot(dir); err == nil { // so that nothing outside gets other permissions
		_ = fs.WalkDir(root.FS(), ".", func(path string, d fs.DirEntry, _ error) error {
			if d != nil && d.IsDir() {
				_ = root.Chmod(path, 0o700) // a folder needs the x, and it is about to go
			}
			return nil
		})
		_ = root.Close()
	}
	return os.RemoveAll(dir)
}

// copyFolder copies what is in src into the folder dst: permissions, times and
// symbolic links that stay inside, but no .git. A link to a file outside
// becomes a copy of that file. What cannot be copied is a *ConfigError.
func copyFolder(ctx context.Context, dst, src string) error {
	fault := func(reason string, err error) error {
		return &ConfigError{Subject: fmt.Sprintf("folder %q", src), Reason: reason, Err: err}
	}
	root, err := filepath.Abs(src)
	if err == nil {
		root, err = filepath.EvalSymlinks(root)
	}
	if errors.Is(err, fs.ErrNotExist) {
		return fault("there is no such folder", err)
	}
	if err != nil {
		return fault(err.Error(), err)
	}
	if info, err := os.Stat(root); err != nil || !info.IsDir() {
		return fault("this is not a folder", err)
	}
	if within(root, dst) {
		return fault(fmt.Sprintf("it contains the temporary folder %s, give the folder of the implementation alone", dst), nil)
	}
	c := copier{ctx: ctx, src: root, dst: dst, room: maxFolder, entries: maxEntries}
	if err := c.copy(); err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return fault(err.Error(), err)
	}
	return nil
}

// within says whether a path lies in a folder or is the folder.
func within(dir, path string) bool {
	rel, err := filepath.Rel(dir, path)
	return err == nil && filepath.IsLocal(rel)
}
