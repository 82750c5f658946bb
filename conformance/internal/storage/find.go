// Package storage looks for what a server has stored: files by content, since
// neither the name nor the place of a received file is laid down, and the rows of
// databases by what they name. The server may have put anything there: what is no
// regular file is passed over, and no look takes more than its share.
package storage

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/xferspec/xferspec/harness/target"
)

// Bounds of one look at a folder: beyond them nothing is found.
const (
	maxEntries = 1 << 18 // files and folders
	maxSearch  = 1 << 30 // bytes of databases
)

// files calls see with every regular file under a folder.
func files(folder string, see func(path string)) {
	entries := 0
	_ = filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if entries++; entries > maxEntries {
			return fs.SkipAll
		}
		if err == nil && entry.Type().IsRegular() {
			see(path)
		}
		return nil // what went away or cannot be read is not there
	})
}

// Find returns the files under a folder that have just this content, or are an
// SQLite database with it inside. What goes away meanwhile or cannot be read
// does not have it.
func Find(folder string, content []byte) (paths []string) {
	room := int64(maxSearch)
	files(folder, func(path string) {
		if has(folder, path, content, &room) {
			paths = append(paths, path)
		}
	})
	return paths
}

// Has says whether a file has just this content, or is a database with it inside.
func Has(path string, content []byte) bool {
	room := int64(maxSearch)
	return has(filepath.Dir(path), path, content, &room)
}

// has is Has, and takes what it reads of a database out of the room.
func has(folder, path string, content []byte, room *int64) bool {
	file, err := target.Open(folder, path)
	if err != nil {
		return false
	}
	defer func() { _ = file.Close() }()
	if info, err := file.Stat(); err == nil && info.Size() == int64(len(content)) && equal(file, content) {
		return true
	}
	head := make([]byte, len(sqliteHeader))
	n, _ := file.ReadAt(head, 0)
	if !IsDatabase(head[:n]) {
		return false
	}
	in := &io.LimitedReader{R: file, N: *room}
	found := contains(in, content)
	*room = in.N
	return found
}

// equal says whether all of a file is this content.
func equal(file *os.File, content []byte) bool {
	buf := make([]byte, len(content)+1)
	n, err := file.ReadAt(buf, 0)
	return errors.Is(err, io.EOF) && bytes.Equal(buf[:n], content)
}

// contains says whether a content is somewhere in a stream.
func contains(in io.Reader, content []byte) bool {
	buf := make([]byte, 0, len(content)+1<<20)
	for {
		n, err := io.ReadFull(in, buf[len(buf):cap(buf)])
		if buf = buf[:len(buf)+n]; bytes.Contains(buf, content) {
			return true
		}
		if err != nil {
			return false
		}
		buf = append(buf[:0], buf[len(buf)-len(content):]...)
	}
}

// IsDatabase recognizes the content of SQLite's database and write-ahead log files.
func IsDatabase(b []byte) bool {
	return bytes.HasPrefix(b, []byte(sqliteHeader)) ||
		bytes.HasPrefix(b, []byte{0x37, 0x7f, 0x06, 0x82}) || bytes.HasPrefix(b, []byte{0x37, 0x7f, 0x06, 0x83})
}
