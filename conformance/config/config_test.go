package config

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"sync"
	"testing"

	"github.com/xferspec/xferspec/conformance/report"
)

func write(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), Name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestRead(t *testing.T) {
	got, err := Read(write(t, `edition: 2024a
server: {dir: server, run: [python3, main.py]}
client: {image: my-client}
known-failures:
  - {case: SRV-FIL-11, reason: "recv() assumes whole messages", until: 2027-03-01}
`))
	if err != nil {
		t.Fatal(err)
	}
	want := &File{
		Edition: "2024a",
		Server:  &Target{Dir: "server", Run: []string{"python3", "main.py"}},
		Client:  &Target{Image: "my-client"},
		KnownFailures: []report.Known{
			{Case: "SRV-FIL-11", Reason: "recv() assumes whole messages", Until: "2027-03-01"},
		},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v\nwant %+v", got, want)
	}
}

func TestReadSaysWhereItIsWrong(t *testing.T) {
	tests := []struct {
		name, text   string
		line, column int
	}{
		{"nothing to test", "edition: 2024a\n", 1, 1},
		{"empty", "", 1, 1},
		{"no YAML", "server: [", 1, 9},
		{"unknown key", "server: {run: [x]}\nfoo: 1\n", 2, 1},
		{"unknown key of a target", "server:\n  run: [x]\n  colour: red\n", 3, 3},
		{"two ways to reach it", "server:\n  run: [x]\n  image: y\n", 2, 3},
		{"client by address", "client:\n  addr: localhost:1\n", 2, 3},
		{"wrong type", "server:\n  run: python3\n", 2, 8},
		{"no such date", "server: {run: [x]}\nknown-failures:\n  - case: SRV-FIL-11\n    reason: r\n    until: tomorrow\n", 5, 12},
		{"no reason", "server: {run: [x]}\nknown-failures:\n  - case: SRV-FIL-11\n    until: 2027-03-01\n", 3, 5},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := Read(write(t, tt.text))
			fault, ok := errors.AsType[*Error](err)
			if !ok {
				t.Fatalf("got %v, want an *Error", err)
			}
			if fault.Line != tt.line || fault.Column != tt.column {
				t.Errorf("%v\nwant it at %d:%d", err, tt.line, tt.column)
			}
		})
	}
}

func TestReadKnownFailures(t *testing.T) {
	const list = "- {case: CLT-REG-01, reason: r, until: 2027-03-01}\n"
	want := []report.Known{{Case: "CLT-REG-01", Reason: "r", Until: "2027-03-01"}}
	for name, text := range map[string]string{"known.yaml": list, Name: "server: {run: [x]}\nknown-failures:\n" + list} {
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if got, err := ReadKnownFailures(path); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: got %v, %v", name, got, err)
		}
	}
}

// Without quotes YAML takes a version for a number.
func TestReadRequirements(t *testing.T) {
	for text, want := range map[string]Version{"1.0": "1.0", `"1.0"`: "1.0", "'1.10'": "1.10", "1.10": "1.10", "next": "next"} {
		got, err := Read(write(t, "requirements: "+text+" # as released\nserver: {run: [x]}\n"))
		if err != nil || got.Requirements != want {
			t.Errorf("%s: %q, %v", text, got.Requirements, err)
		}
	}
}

func TestReadCompile(t *testing.T) {
	got, err := Read(write(t, "client: {run: [./c], compile: [[cmake, -B, b], [make]]}\n"))
	if want := [][]string{{"cmake", "-B", "b"}, {"make"}}; err != nil || !reflect.DeepEqual(got.Client.Compile, want) {
		t.Errorf("%v, %v", got.Client, err)
	}
	for _, wrong := range []string{"client: {run: [./c], compile: [make]}\n", "client: {image: c, compile: [[make]]}\n", "client: {run: [./c], compile: [[]]}\n"} {
		if _, err := Read(write(t, wrong)); err == nil {
			t.Errorf("taken: %s", wrong)
		}
	}
}

// Several may read at a time, also each its first file of a kind.
func TestReadAtTheSameTime(t *testing.T) {
	paths := map[string]func(string) error{
		write(t, "server: {run: [x]}\n"): func(path string) error { _, err := Read(path); return err },
		write(t, "server: {run: [x]}\nknown-failures:\n  - {case: SRV-FIL-11, reason: r, until: 2027-03-01}\n"): func(path string) error { _, err := ReadKnownFailures(path); return err },
		"rubric.yaml": func(path string) error { _, err := ReadRubric(path); return err },
	}
	var readers sync.WaitGroup
	for path, read := range paths {
		for range 4 {
			readers.Go(func() {
				if err := read(path); err != nil {
					t.Error(err)
				}
			})
		}
	}
	readers.Wait()
}
