package grade

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// maxFiles is how many files and folders a submission may have.
const maxFiles = 50_000

// inspect reads a submission's folder and returns its digest. A reason says why
// the folder is not one that can be copied and run without a second thought:
// too large, or with something in it that leads elsewhere.
func inspect(path string, maxSize int64) (digest, reason string, err error) {
	i := inspector{root: path, room: maxSize, sum: sha256.New()}
	if err := filepath.WalkDir(path, i.visit); err != nil {
		return "", "", fmt.Errorf("look at %s: %w", path, err)
	}
	return "sha256:" + hex.EncodeToString(i.sum.Sum(nil)), i.reason, nil
}

// Inspect says why a folder that a submission has made is not one that can be
// copied without a second thought, "" if it is.
func Inspect(path string, maxSize int64) (reason string, err error) {
	_, reason, err = inspect(path, maxSize)
	return reason, err
}

type inspector struct {
	root   string
	room   int64
	files  int
	sum    hash.Hash
	reason string
}

func (i *inspector) visit(path string, d fs.DirEntry, err error) error {
	if err != nil {
		return err
	}
	name, err := filepath.Rel(i.root, path)
	if err != nil {
		return err
	}
	if i.files++; i.files > maxFiles {
		return i.stop("it has more than %d files", maxFiles)
	}
	switch d.Type() {
	case fs.ModeDir:
		if d.Name() == ".git" {
			return fs.SkipDir
		}
		fmt.Fprintf(i.sum, "folder %q\n", name)
		return nil
	case fs.ModeSymlink:
		to, err := os.Readlink(path)
		if err != nil {
			return err
		}
		fmt.Fprintf(i.sum, "link %q %q\n", name, to)
		if filepath.IsAbs(to) || !filepath.IsLocal(filepath.Join(filepath.Dir(name), to)) {
			return i.stop("the symbolic link %s leads outside, to %s", name, to)
		}
		return nil
	case 0:
		return i.file(path, name)
	}
	return i.stop("%s is a special file (%s)", name, d.Type())
}

// file adds a regular file to the digest, as far as there is room.
func (i *inspector) file(path, name string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if i.room -= info.Size(); i.room < 0 {
		return i.stop("with %s it holds more than is allowed", name)
	}
	fmt.Fprintf(i.sum, "file %q %d %t\n", name, info.Size(), info.Mode()&0o111 != 0)
	_, err = io.Copy(i.sum, io.LimitReader(f, info.Size()))
	return err
}

// stop ends the inspection with a reason, which is all that matters then.
func (i *inspector) stop(format string, args ...any) error {
	i.reason = fmt.Sprintf(format, args...)
	return fs.SkipAll
}
