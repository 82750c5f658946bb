package generate_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/xferspec/xferspec/vectors/generate"
)

// The data files are what the generator makes, byte by byte, and nothing else.
func TestDataIsGenerated(t *testing.T) {
	dir := t.TempDir()
	if err := generate.Generate(dir); err != nil {
		t.Fatal(err)
	}
	made, kept := files(t, dir), files(t, filepath.Join("..", "data"))
	for name, text := range made {
		if !bytes.Equal(kept[name], text) {
			t.Errorf("%s is not what is generated: run go generate ./vectors", name)
		}
	}
	for name := range kept {
		if made[name] == nil {
			t.Errorf("%s is not generated any more: remove it", name)
		}
	}
}

func TestGenerateNamesTheFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := generate.Generate(file); err == nil {
		t.Error("a file is taken for a folder")
	}
}

// files returns the files of a folder by name.
func files(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string][]byte{}
	for _, entry := range entries {
		if all[entry.Name()], err = os.ReadFile(filepath.Join(dir, entry.Name())); err != nil {
			t.Fatal(err)
		}
	}
	return all
}
