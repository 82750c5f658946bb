package main

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
)

// toolDigest returns the digest of this program's file.
func toolDigest() (string, error) {
	d := newDigest()
	path, err := os.Executable()
	if err == nil {
		err = d.content(path)
	}
	if err != nil {
		return "", fmt.Errorf("read this program: %w", err)
	}
	return d.String(), nil
}

// targetDigest returns the digest of what is tested: the folder, without .git
// and what Python compiles for itself, and the files that the command names.
// It is empty for an address, and for an image by its name.
func (f *testFlags) targetDigest(command []string) (string, error) {
	folder := f.folder(command)
	switch {
	case f.image != "" || folder == "" && f.build == "" && len(command) == 0:
		return "", nil
	case f.build != "":
		folder, command = f.build, nil
	}
	d := newDigest()
	if folder != "" {
		if err := d.folder(folder); err != nil {
			return "", fmt.Errorf("read the target's folder: %w: correct --dir or --build, or do without for this folder", err)
		}
	}
	for i, word := range command {
		if i == 0 {
			if path, err := exec.LookPath(word); err == nil {
				word = path
			}
		}
		if info, err := os.Stat(word); err != nil || !info.Mode().IsRegular() {
			continue // a word like any other
		}
		if err := d.file(fmt.Sprint("word ", i), word); err != nil {
			return "", fmt.Errorf("read the target: %w", err)
		}
	}
	return d.String(), nil
}

// maxDigest bounds what is read of a target, in bytes: as much as is copied of a
// folder, and a command's files.
const maxDigest = 4 << 30

// digest adds files up. Each comes with its name and size, so that nothing
// passes for something else.
type digest struct {
	hash.Hash
	room *int64 // bytes that may still be added
}

func newDigest() digest { return digest{sha256.New(), new(int64(maxDigest))} }

// String returns "sha256:" and 64 hexadecimal digits.
func (d digest) String() string { return "sha256:" + hex.EncodeToString(d.Sum(nil)) }

func (d digest) folder(root string) error {
	root, err := filepath.EvalSymlinks(root)
	if err != nil {
		return err
	}
	return filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if name := e.Name(); path != root && (name == ".git" || name == "__pycache__") {
			if e.IsDir() {
				return fs.SkipDir
			}
			return nil
		}
		name, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		switch e.Type() {
		case 0:
			return d.file(filepath.ToSlash(name), path)
		case fs.ModeSymlink:
			to, err := os.Readlink(path)
			fmt.Fprintf(d, "link %q %q\n", name, to)
			return err
		}
		return nil
	})
}

func (d digest) file(name, path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	fmt.Fprintf(d, "file %q %d %t\n", name, info.Size(), info.Mode()&0o111 != 0)
	return d.content(path)
}

func (d digest) content(path string) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	n, err := io.Copy(d, io.LimitReader(file, *d.room+1))
	if *d.room -= n; *d.room < 0 && err == nil {
		err = fmt.Errorf("with %s there are more than %d MiB", path, maxDigest>>20)
	}
	return err
}
