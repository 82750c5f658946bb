package target

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// copier copies one folder.
type copier struct {
	ctx      context.Context
	src, dst string // without symbolic links
	room     int64  // bytes that files may still take
	entries  int    // that there may still be
	dirs     []copiedDir
}

// copiedDir is a folder whose mode and time are set when all is in it.
type copiedDir struct {
	path string
	info fs.FileInfo
}

func (c *copier) copy() error {
	if err := filepath.WalkDir(c.src, c.visit); err != nil {
		return err
	}
	for i := len(c.dirs) - 1; i >= 0; i-- {
		if err := setMeta(c.dirs[i].path, c.dirs[i].info); err != nil {
			return err
		}
	}
	return nil
}

func (c *copier) visit(path string, d fs.DirEntry, err error) error {
	if err != nil {
		return err
	}
	if err := c.ctx.Err(); err != nil {
		return err
	}
	rel, err := filepath.Rel(c.src, path)
	if err != nil || rel == "." {
		return err
	}
	if d.Name() == ".git" {
		if d.IsDir() {
			return filepath.SkipDir
		}
		return nil
	}
	if c.entries--; c.entries < 0 {
		return fmt.Errorf("with %s it holds more than %d files and folders, give the folder of the implementation alone", rel, maxEntries)
	}
	to := filepath.Join(c.dst, rel)
	switch d.Type() {
	case fs.ModeDir:
		info, err := d.Info()
		if err != nil {
			return err
		}
		c.dirs = append(c.dirs, copiedDir{to, info})
		return os.Mkdir(to, 0o700)
	case fs.ModeSymlink:
		return c.link(path, rel, to)
	case 0:
		return c.file(path, rel, to)
	default:
		return fmt.Errorf("%s is a special file (%s), move it elsewhere", rel, d.Type())
	}
}

// file copies a regular file. A copy across the limit is not finished.
func (c *copier) file(path, rel, to string) error {
	in, err := os.OpenFile(path, os.O_RDONLY|nonblocking, 0) //nolint:gosec // the user's own folder
	if err != nil {
		return err
	}
	defer in.Close()
	info, err := in.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = fmt.Errorf("%s is not the file any more that it was", rel)
	}
	if err != nil {
		return err
	}
	tooLarge := fmt.Errorf("with %s it holds more than %d MiB, give the folder of the implementation alone", rel, maxFolder>>20)
	if info.Size() > c.room {
		return tooLarge
	}
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600) //nolint:gosec // inside the copy
	if err != nil {
		return err
	}
	n, err := io.Copy(out, io.LimitReader(in, c.room+1)) // it may have grown
	if err := errors.Join(err, out.Close()); err != nil {
		return err
	}
	if c.room -= n; c.room < 0 {
		return tooLarge
	}
	return setMeta(to, info)
}

// link copies a symbolic link so that it leads to the same thing in the copy.
func (c *copier) link(path, rel, to string) error {
	text, err := os.Readlink(path)
	if err != nil {
		return err
	}
	target, err := filepath.EvalSymlinks(path)
	if errors.Is(err, fs.ErrNotExist) {
		return os.Symlink(text, to) // it leads nowhere, and may go on so
	}
	if err != nil {
		return fmt.Errorf("symbolic link %s: %w", rel, err)
	}
	if !within(c.src, target) {
		if info, err := os.Stat(target); err != nil || !info.Mode().IsRegular() {
			return fmt.Errorf("symbolic link %s leads outside, to %s, which is not a file: copy that into the folder", rel, target)
		}
		return c.file(target, rel, to)
	}
	if filepath.IsAbs(text) || !filepath.IsLocal(filepath.Join(filepath.Dir(rel), text)) {
		if text, err = filepath.Rel(filepath.Dir(path), target); err != nil {
			return err
		}
	}
	return os.Symlink(text, to)
}

// setMeta gives a copy the permissions and the time of its original.
func setMeta(path string, info fs.FileInfo) error {
	if err := os.Chtimes(path, info.ModTime(), info.ModTime()); err != nil {
		return err
	}
	return os.Chmod(path, info.Mode().Perm())
}
