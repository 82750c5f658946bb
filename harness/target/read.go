package target

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// Open opens a file in a folder that an implementation has written to, to be
// read. Nothing that it may have put there makes that hang, or leads elsewhere:
// what is no regular file, and a link that leads out of the folder, is an error.
// A path that is not absolute begins at the folder.
func Open(dir, path string) (*os.File, error) {
	if !filepath.IsAbs(path) {
		path = filepath.Join(dir, path)
	}
	resolved, err := filepath.EvalSymlinks(path)
	if err != nil {
		return nil, err
	}
	home, err := filepath.EvalSymlinks(dir)
	if err != nil {
		return nil, err
	}
	inside, err := filepath.Rel(home, resolved)
	if err != nil || !filepath.IsLocal(inside) {
		return nil, fmt.Errorf("%s leads out of its folder, to %s", filepath.Base(path), resolved)
	}
	root, err := os.OpenRoot(home) // what was looked up may have changed
	if err != nil {
		return nil, err
	}
	defer func() { _ = root.Close() }()
	file, err := root.OpenFile(inside, os.O_RDONLY|nonblocking, 0)
	if err != nil {
		return nil, err
	}
	if info, err := file.Stat(); err != nil || !info.Mode().IsRegular() {
		return nil, errors.Join(fmt.Errorf("%s is not a regular file", filepath.Base(path)), err, file.Close())
	}
	return file, nil
}

// ErrTooLong is wrapped by the error of ReadFile for a file that is longer than
// was asked for.
var ErrTooLong = errors.New("the file is too long")

// ReadFile returns the content of a file as Open opens it, which may have most
// bytes.
func ReadFile(dir, path string, most int64) ([]byte, error) {
	file, err := Open(dir, path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	if info, err := file.Stat(); err == nil && info.Size() > most {
		return nil, tooLong(path, most)
	}
	content, err := io.ReadAll(io.LimitReader(file, most+1)) // it may grow
	if err == nil && int64(len(content)) > most {
		err = tooLong(path, most)
	}
	if err != nil {
		return nil, err
	}
	return content, nil
}

func tooLong(path string, most int64) error {
	return fmt.Errorf("%s: %w: more than %d bytes", filepath.Base(path), ErrTooLong, most)
}
