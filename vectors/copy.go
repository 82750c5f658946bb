package vectors

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// ErrForeign is in the error of Copy when it would have to overwrite a file.
var ErrForeign = errors.New("a file of that name with other content is there")

// Copy writes the data, the schemas and the README into a folder, which it makes
// if it is missing, and returns how many files they are. Where one of them is
// there already with other content, nothing is written and the error, with
// ErrForeign in it, names it.
func Copy(dir string) (n int, err error) {
	files := map[string][]byte{}
	err = fs.WalkDir(embedded, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		target := filepath.Join(dir, filepath.FromSlash(name))
		if files[target], err = embedded.ReadFile(name); err != nil {
			return err
		}
		return mayWrite(target, files[target])
	})
	if err != nil {
		return 0, fmt.Errorf("copy vectors: %w", err)
	}
	for target, content := range files {
		if err := write(target, content); err != nil {
			return 0, fmt.Errorf("copy vectors: %w", err)
		}
	}
	return len(files), nil
}

// mayWrite says what keeps content from being written to a file.
func mayWrite(target string, content []byte) error {
	there, err := os.ReadFile(target) //nolint:gosec // in the folder that the user names
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return err
	case !bytes.Equal(there, content):
		return fmt.Errorf("%s: %w: remove it or choose another folder", target, ErrForeign)
	}
	return nil
}

func write(target string, content []byte) error {
	if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil { //nolint:gosec // no secret
		return err
	}
	return os.WriteFile(target, content, 0o644) //nolint:gosec // no secret
}
