package store

import (
	"errors"
	"io/fs"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/xferspec/xferspec/spec/wire"
)

// Paths below the data folder, with slashes on every system.
const clientsFolder = "clients"

func clientFolder(id wire.ID) string   { return clientsFolder + "/" + id.String() }
func filesFolder(id wire.ID) string    { return clientFolder(id) + "/files" }
func incomingFolder(id wire.ID) string { return clientFolder(id) + "/incoming" }

// SafeName says whether a file may be stored under a name from the wire (FIL-19):
// it is one path element, here and on Windows, of printable ASCII.
func SafeName(name string) bool {
	for i := range len(name) {
		if name[i] < ' ' || name[i] > '~' {
			return false
		}
	}
	drive := len(name) > 1 && name[1] == ':'
	return name != "." && !strings.ContainsAny(name, `/\`) && !drive && filepath.IsLocal(name)
}

// makeFolders makes a client's folders, so that what comes to lie in them survives
// a loss of power too. The one for arriving files is the last: where it is, the
// other is, whenever a kill comes.
func (s *Store) makeFolders(id wire.ID) error {
	if err := s.root.MkdirAll(filesFolder(id), 0o700); err != nil {
		return err
	}
	for _, folder := range []string{clientFolder(id), clientsFolder, "."} {
		if err := s.syncFolder(folder); err != nil {
			return err
		}
	}
	return s.root.MkdirAll(incomingFolder(id), 0o700)
}

// syncFolder makes the names in a folder survive a loss of power. Windows knows
// no such thing.
func (s *Store) syncFolder(path string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	folder, err := s.root.Open(path)
	if err != nil {
		return err
	}
	defer func() { _ = folder.Close() }()
	return folder.Sync()
}

// hold keeps what is stored under a path, should it be replaced, from being freed
// before release is called, and then not at the caller's expense: with 64 MB in
// memory, that takes a tenth as long as to receive them.
func (s *Store) hold(path string) (release func()) {
	if runtime.GOOS == "windows" { // an open file cannot be replaced
		return func() {}
	}
	file, err := s.root.Open(path)
	if err != nil { // there is none, as a rule
		return func() {}
	}
	return func() { go func() { _ = file.Close() }() }
}

// removeStray removes what never arrived whole before the last end of the server.
func (s *Store) removeStray() error {
	stray, err := fs.Glob(s.root.FS(), clientsFolder+"/*/incoming/*")
	if err != nil {
		return err
	}
	for _, path := range stray {
		if err := s.root.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}
