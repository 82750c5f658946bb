package vectors

import (
	"fmt"
	"io/fs"
	"os"
	"path"
)

// Set is vectors, by kind.
type Set struct {
	Messages      []Message
	Negatives     []Negative
	Conversations []Conversation
	Cksums        []Cksum
	PublicKeys    []PublicKey
	Unwraps       []Unwrap
	CBCs          []CBC
	States        []State
}

// File is the form of every data file.
type File[T any] struct {
	Schema  string `json:"$schema"` // path of the schema, whose name says of which kind the vectors are
	Comment string `json:"comment"` // what the file is about
	Vectors []T    `json:"vectors"`
}

// Load returns the vectors of this module.
func Load() (*Set, error) { return LoadFS(embedded) }

// LoadDir returns the vectors in the *.json files of a folder, or of its
// subfolder data if it has one. A file that cannot be read as vectors gives a
// *FileError with its place.
func LoadDir(dir string) (*Set, error) {
	set, err := LoadFS(os.DirFS(dir))
	if err != nil {
		return nil, fmt.Errorf("vectors in %s: %w", dir, err)
	}
	return set, nil
}

// LoadFS is LoadDir for any file system.
func LoadFS(fsys fs.FS) (*Set, error) {
	names, err := dataFiles(fsys)
	if err != nil {
		return nil, err
	}
	set := new(Set)
	owner := map[string]string{} // vector id → file
	for _, name := range names {
		text, err := fs.ReadFile(fsys, name)
		if err != nil {
			return nil, err
		}
		ids, err := set.add(name, text)
		if err != nil {
			return nil, err
		}
		for _, id := range ids {
			if first, taken := owner[id]; taken {
				return nil, &FileError{File: name, Reason: fmt.Sprintf("the id %q is taken by a vector of %s", id, first)}
			}
			owner[id] = name
		}
	}
	return set, nil
}

func dataFiles(fsys fs.FS) ([]string, error) {
	folder := "."
	if info, err := fs.Stat(fsys, "data"); err == nil && info.IsDir() {
		folder = "data"
	}
	names, err := fs.Glob(fsys, path.Join(folder, "*.json"))
	if err != nil {
		return nil, err
	}
	if len(names) == 0 {
		return nil, fmt.Errorf("no *.json files here: %w", fs.ErrNotExist)
	}
	return names, nil
}

// Count returns the number of vectors.
func (s *Set) Count() int {
	return len(s.Messages) + len(s.Negatives) + len(s.Conversations) + len(s.Cksums) +
		len(s.PublicKeys) + len(s.Unwraps) + len(s.CBCs) + len(s.States)
}
