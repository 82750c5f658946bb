package vectors

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
)

// ErrForeign is in the error of Copy when it would have to overwrite a file.
var ErrForeign = errors.New("a file of that name with other content is there")

// Copy writes the data, the schemas and the README into a folder, which it makes
// if it is missing, and returns how many files they are. Where one of them is
// there already with other content, nothing is written and the error, with
// ErrForeign in it, names it. A link that leads out of the folder is not followed.
func Copy(dir string) (n int, err error) {
	if n, err = copyAll(dir); err != nil {
		return 0, fmt.Errorf("copy vectors: %w", err)
	}
	return n, nil
}

func copyAll(dir string) (int, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil { //nolint:gosec // they are for everybody
		return 0, err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return 0, err
	}
	defer func() { _ = root.Close() }()
	files := map[string][]byte{}
	err = fs.WalkDir(embedded, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		if files[name], err = embedded.ReadFile(name); err != nil {
			return err
		}
		return mayWrite(root, name, files[name])
	})
	if err != nil {
		return 0, err
	}
	for name, content := range files {
		if err := write(root, name, content); err != nil {
			return 0, err
		}
	}
	return len(files), nil
}

// mayWrite says what keeps content from being written to a file.
func mayWrite(root *os.Root, name string, content []byte) error {
	there, err := root.Stat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return err
	}
	same := there.Mode().IsRegular() && there.Size() == int64(len(content))
	if same {
		text, err := root.ReadFile(name)
		if err != nil {
			return err
		}
		same = bytes.Equal(text, content)
	}
	if !same {
		return fmt.Errorf("%s: %w: remove it or choose another folder", filepath.Join(root.Name(), name), ErrForeign)
	}
	return nil
}

func write(root *os.Root, name string, content []byte) error {
	if err := root.MkdirAll(path.Dir(name), 0o755); err != nil { // they are for everybody
		return err
	}
	return root.WriteFile(name, content, 0o644)
}
