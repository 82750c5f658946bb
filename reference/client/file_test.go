package client

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/wire"
)

// A file that is changed between opening it and the end of a transfer is noticed
// before its last bytes are handed out.
func TestFileThatChanges(t *testing.T) {
	const size = 1000
	tests := []struct {
		name   string
		change func(path string) error
		ok     bool
	}{
		{"unchanged", func(string) error { return nil }, true},
		{"longer", func(path string) error { return os.Truncate(path, size+1) }, false},
		{"longer, unnoticed by the clock", func(path string) error {
			info, err := os.Stat(path)
			return errors.Join(err, os.Truncate(path, size+1), os.Chtimes(path, time.Time{}, info.ModTime()))
		}, false},
		{"shorter", func(path string) error { return os.Truncate(path, size-1) }, false},
		{"empty", func(path string) error { return os.Truncate(path, 0) }, false},
		{"other bytes", func(path string) error {
			return errors.Join(os.WriteFile(path, bytes.Repeat([]byte("x"), size), 0o600), os.Chtimes(path, time.Time{}, time.Unix(1, 0)))
		}, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "notes.txt")
			if err := os.WriteFile(path, make([]byte, size), 0o600); err != nil {
				t.Fatal(err)
			}
			f, err := openOutgoing(defaultEdition(t), path)
			if err != nil {
				t.Fatal(err)
			}
			defer f.close()
			if err := f.rewind(); err != nil {
				t.Fatal(err)
			}
			buf := make([]byte, 600)
			if _, last, err := f.next(buf); last || err != nil {
				t.Fatalf("the first piece: last %t, %v", last, err)
			}
			if err := tt.change(path); err != nil {
				t.Fatal(err)
			}
			_, last, err := f.next(buf)
			if tt.ok != (err == nil) || last != tt.ok {
				t.Errorf("last %t, %v", last, err)
			}
			if err != nil && !strings.Contains(err.Error(), "notes.txt changed while it was sent") {
				t.Errorf("error %v", err)
			}
		})
	}
}

// The largest files are those whose ciphertext just fits, block by block.
func TestLargest(t *testing.T) {
	want := map[string]int64{
		"2022c": 1<<32 - 1 - 275 - 12 - 1, // 4294967020 is 12 more than a multiple of 16
		"2023a": 1<<32 - 1 - 259 - 12 - 1,
		"2023c": 1<<32 - 1 - 259 - 12 - 1,
		"2024a": 67_107_839,
		"2024c": 67_107_839,
	}
	for _, edition := range spec.Editions() {
		size := largest(edition)
		if size != want[edition.Name] {
			t.Errorf("%s: %d, want %d", edition.Name, size, want[edition.Name])
		}
		file := &outgoing{name: "notes.txt", size: size}
		if _, err := newPacker(edition, wire.ID{}, file, make([]byte, edition.KeySize())); err != nil {
			t.Errorf("%s: the largest file: %v", edition.Name, err)
		}
		file.size++
		if err := file.check(edition); err == nil {
			t.Errorf("%s: a byte more is accepted", edition.Name)
		}
	}
}
