package config

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const pair = "servers: [{name: a, run: [./a]}]\nclients: [{name: b, build: b}]\n"

func writeMatrix(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "matrix.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestReadMatrix(t *testing.T) {
	path := writeMatrix(t, pair+"files: [0, 1023, 10 KiB, 1 MB, '20 MiB', 7B]\nplans: [{name: none}, {name: odd, file: odd.yaml}]\n")
	base := filepath.Dir(path)
	if err := os.WriteFile(filepath.Join(base, "odd.yaml"), []byte("faults: []"), 0o600); err != nil {
		t.Fatal(err)
	}
	m, err := ReadMatrix(path)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []Size{0, 1023, 10 << 10, 1_000_000, 20 << 20, 7} {
		if m.Files[i] != want {
			t.Errorf("file %d has %d bytes, want %d", i, m.Files[i], want)
		}
	}
	if got := m.Clients[0].Build; got != filepath.Join(base, "b") {
		t.Errorf("build folder %s", got)
	}
	if m.Plans[0].Text != "" || m.Plans[1].Text != "faults: []" {
		t.Errorf("plans %+v", m.Plans)
	}
}

func TestReadMatrixFaults(t *testing.T) {
	for name, tt := range map[string]struct{ text, want string }{
		"no clients":        {"servers: [{name: a, run: [./a]}]\nfiles: [1]\n", "clients"},
		"size in words":     {pair + "files: [much]\n", "files.0"},
		"size too large":    {pair + "files: [67107840]\n", "files.0"},
		"large with a unit": {pair + "files: [1, 64 MiB]\n", "matrix.yaml:3:12: "},
		"unknown unit":      {pair + "files: [1 GB]\n", "files.0"},
		"two ways":          {"servers: [{name: a, run: [./a], image: x}]\nclients: [{name: b, build: b}]\nfiles: [1]\n", "just one of"},
		"address":           {"servers: [{name: a, addr: '127.0.0.1:1'}]\nclients: [{name: b, build: b}]\nfiles: [1]\n", "servers.0"},
		"name taken":        {"servers: [{name: a, run: [./a]}, {name: a, run: [./b]}]\nclients: [{name: b, build: b}]\nfiles: [1]\n", "called a"},
		"name with spaces":  {"servers: [{name: a b, run: [./a]}]\nclients: [{name: b, build: b}]\nfiles: [1]\n", "servers.0.name"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := ReadMatrix(writeMatrix(t, tt.text))
			if fault, ok := errors.AsType[*Error](err); !ok || !strings.Contains(fault.Error(), tt.want) {
				t.Errorf("%v, want it to say %q", err, tt.want)
			}
		})
	}
	_, err := ReadMatrix(writeMatrix(t, pair+"files: [1]\nplans: [{name: gone, file: gone.yaml}]\n"))
	if err == nil || !strings.Contains(err.Error(), `"gone"`) {
		t.Errorf("a plan that is not there: %v", err)
	}
}

func TestParseSizeDoesNotWrap(t *testing.T) {
	for _, text := range []string{"18446744073709 MB", "9223372036854775807 KiB", "9223372036854775808"} {
		if size, err := ParseSize(text); err == nil {
			t.Errorf("%s is %d bytes", text, size)
		}
	}
}
