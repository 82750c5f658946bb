package target

import (
	"archive/tar"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// unpack extracts a tar stream into a folder: the content of the folder top,
// which all of it is in, or the one file top. Links that lead out of it and
// special files are left out.
func unpack(stream io.Reader, dir, top string) error {
	return unpackUpTo(maxEntries, stream, dir, top)
}

// unpackUpTo is unpack for a stream of at most so many entries.
func unpackUpTo(most int, stream io.Reader, dir, top string) error {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer func() { _ = root.Close() }()
	room, left := int64(maxFolder), most
	for entries := tar.NewReader(stream); ; left-- {
		entry, err := entries.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if room -= entry.Size; room < 0 {
			return fmt.Errorf("it holds more than %d MiB", maxFolder>>20)
		}
		if left == 0 {
			return fmt.Errorf("it holds more than %d files and folders", most)
		}
		if err := unpackEntry(root, entry, entries, top); err != nil {
			return err
		}
	}
}

func unpackEntry(root *os.Root, entry *tar.Header, content io.Reader, top string) error {
	below := func(name string) string {
		return filepath.FromSlash(strings.TrimPrefix(path.Clean(name), top+"/"))
	}
	name := below(entry.Name)
	switch entry.Typeflag {
	case tar.TypeDir:
		if path.Clean(entry.Name) == top {
			return nil
		}
		return root.MkdirAll(name, 0o700)
	case tar.TypeLink: // to an earlier entry
		return root.Link(below(entry.Linkname), name)
	case tar.TypeSymlink:
		if filepath.IsAbs(entry.Linkname) || !filepath.IsLocal(filepath.Join(filepath.Dir(name), entry.Linkname)) { //nolint:gosec // that is what is checked
			return nil
		}
		return root.Symlink(entry.Linkname, name)
	case tar.TypeReg:
		return unpackFile(root, name, entry, content)
	}
	return nil
}

// unpackFile extracts a regular file with its permissions.
func unpackFile(root *os.Root, name string, entry *tar.Header, content io.Reader) error {
	f, err := root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(f, content)
	return errors.Join(err, f.Close(), root.Chmod(name, entry.FileInfo().Mode().Perm()))
}
