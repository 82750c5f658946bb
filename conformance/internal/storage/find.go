// Package storage looks for what a server has stored: files by content, since
// neither the name nor the place of a received file is laid down, and the rows of
// databases by what they name.
package storage

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
)

// Find returns the files under a folder that have just this content, or are an
// SQLite database with it inside. What goes away meanwhile or cannot be read
// does not have it.
func Find(folder string, content []byte) (paths []string) {
	_ = filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && entry.Type().IsRegular() && Has(path, content) {
			paths = append(paths, path)
		}
		return nil
	})
	return paths
}

// Has says whether a file has just this content, or is a database with it inside.
func Has(path string, content []byte) bool {
	b, err := os.ReadFile(path)
	if err != nil {
		return false
	}
	return bytes.Equal(b, content) || IsDatabase(b) && bytes.Contains(b, content)
}

// IsDatabase recognizes the content of SQLite's database and write-ahead log files.
func IsDatabase(b []byte) bool {
	return bytes.HasPrefix(b, []byte("SQLite format 3\x00")) ||
		bytes.HasPrefix(b, []byte{0x37, 0x7f, 0x06, 0x82}) || bytes.HasPrefix(b, []byte{0x37, 0x7f, 0x06, 0x83})
}
