package config

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/xferspec/xferspec/conformance/report"
)

// Files come from editors on Windows too.
func TestReadFilesFromWindows(t *testing.T) {
	text := strings.Join([]string{
		"# what there is to test",
		"edition: 2024a",
		`server: {dir: server\main, run: [python, main.py]}`,
		`client: {dir: 'x64\Release', run: ['.\client', "C:\\data\\x"]}`,
		"known-failures:",
		`  - {case: SRV-FIL-11, reason: "recv() assumes whole messages", until: 2027-03-01}`,
	}, "\r\n") + "\r\n"
	known := []report.Known{{Case: "SRV-FIL-11", Reason: "recv() assumes whole messages", Until: "2027-03-01"}}
	for name, text := range map[string]string{"CR LF": text, "a byte order mark": "\ufeff" + text} {
		t.Run(name, func(t *testing.T) {
			got, err := Read(write(t, text))
			if err != nil {
				t.Fatal(err)
			}
			want := &File{
				Edition:       "2024a",
				Server:        &Target{Dir: `server\main`, Run: []string{"python", "main.py"}},
				Client:        &Target{Dir: `x64\Release`, Run: []string{`.\client`, `C:\data\x`}},
				KnownFailures: known,
			}
			if !reflect.DeepEqual(got, want) {
				t.Errorf("got %+v\nwant %+v", got, want)
			}
		})
	}
	path := filepath.Join(t.TempDir(), "known.yaml")
	if err := os.WriteFile(path, []byte("- case: SRV-FIL-11\r\n  reason: \"recv() assumes whole messages\"\r\n  until: 2027-03-01\r\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got, err := ReadKnownFailures(path); err != nil || !reflect.DeepEqual(got, known) {
		t.Errorf("known failures: %+v, %v", got, err)
	}
}

// A mistake is at the same place, whatever ends the lines; and a path between
// double quotes, where YAML takes a backslash for something else, is one.
func TestMistakesInFilesFromWindows(t *testing.T) {
	for name, tt := range map[string]struct {
		text         string
		line, column int
	}{
		"unknown key":         {"server: {run: [x]}\r\nclient:\r\n  run: [y]\r\n  foo: 1\r\n", 4, 3},
		"a path as YAML's":    {"server: {run: [x]}\r\nclient: {run: [\"C:\\Users\\client\"]}\r\n", 2, 16},
		"a path with a break": {"server: {dir: \"x64\\new\", run: [x]}\r\n", 1, 15},
		"another encoding":    {"\xff\xfes\x00e\x00", 1, 1},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Read(write(t, tt.text))
			fault, ok := errors.AsType[*Error](err)
			if !ok || strings.ContainsAny(fault.Error(), "\r\n") {
				t.Fatalf("%v", err)
			}

			if fault.Line != tt.line || fault.Column != tt.column {
				t.Errorf("%v, want it at %d:%d", fault, tt.line, tt.column)
			}
		})
	}
}
