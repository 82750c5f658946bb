package limited

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
)

func TestReadFileEnds(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, []byte("12345"), 0o600); err != nil {
		t.Fatal(err)
	}
	if text, err := ReadFile(path, 5); err != nil || string(text) != "12345" {
		t.Errorf("%q, %v", text, err)
	}
	for _, long := range []string{path, "/dev/zero"} {
		if _, err := os.Stat(long); err != nil {
			continue
		}
		if text, err := ReadFile(long, 4); !errors.Is(err, ErrTooLong) || text != nil {
			t.Errorf("%s: %d bytes, %v", long, len(text), err)
		}
	}
}
