package trace

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
)

func TestSave(t *testing.T) {
	folder := t.TempDir()
	first, second := commented(t), recorded(t, edition(t, "2022c"))
	second.Client, first.Events, second.Events = "127.0.0.1:40113", inSegments(first.Events), inSegments(second.Events)
	paths, err := Save(folder, "SRV-KEY-07", []*Transcript{first, second})
	check(t, err)
	var names []string
	for _, path := range paths {
		names = append(names, filepath.Base(path))
	}
	want := []string{"SRV-KEY-07.txt", "SRV-KEY-07.pcapng", "SRV-KEY-07-1.xftrace", "SRV-KEY-07-2.xftrace"}
	if !slices.Equal(names, want) {
		t.Fatalf("wrote %s", names)
	}
	text, err := os.ReadFile(paths[0])
	check(t, err)
	wantText := "connection 1 of 2\n" + annotated(t, edition(t, "2024a"), first, false) +
		"\nconnection 2 of 2\n" + annotated(t, edition(t, "2022c"), second, false)
	if string(text) != wantText {
		t.Errorf("the text is\n%s", text)
	}
	capture, err := os.ReadFile(paths[1])
	check(t, err)
	got, err := ReadPcapng(bytes.NewReader(capture))
	check(t, err)
	plain := *first
	plain.Comments = nil // they are for people here
	if !reflect.DeepEqual(got, []*Transcript{&plain, second}) {
		t.Errorf("in the capture are %+v", got)
	}
	file, err := os.ReadFile(paths[2])
	check(t, err)
	if got, err := Read(bytes.NewReader(file)); err != nil || !reflect.DeepEqual(got, first) {
		t.Errorf("in the file is %+v, %v", got, err)
	}
}

func TestSaveOne(t *testing.T) {
	paths, err := Save(t.TempDir(), "one", []*Transcript{recorded(t, edition(t, "2024a"))})
	if err != nil || len(paths) != 3 || filepath.Base(paths[2]) != "one.xftrace" {
		t.Fatalf("%s, %v", paths, err)
	}
	if text, _ := os.ReadFile(paths[0]); !strings.HasPrefix(string(text), "edition 2024a") {
		t.Errorf("the text begins %.40q", text)
	}
	if _, err := Save("no/such/folder", "one", nil); err == nil || !strings.Contains(err.Error(), "one.txt") {
		t.Errorf("error is %v", err)
	}
}

func TestNoHalfFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	broken := errors.New("broken")
	err := writeFile(path, func(w io.Writer) error {
		_, _ = io.WriteString(w, "half")
		return broken
	})
	if _, statErr := os.Stat(path); !errors.Is(err, broken) || !errors.Is(statErr, os.ErrNotExist) {
		t.Errorf("error is %v, the file: %v", err, statErr)
	}
}

// TestTracesAreNotForOthers: a recording can be read by its owner only, with keys
// in it or without.
func TestTracesAreNotForOthers(t *testing.T) {
	tr := recorded(t, edition(t, "2024a"))
	for _, secrets := range []*Secrets{testSecrets(t), nil} {
		tr.Secrets = secrets
		paths, err := Save(t.TempDir(), "one", []*Transcript{tr})
		check(t, err)
		for _, path := range paths {
			info, err := os.Stat(path)
			check(t, err)
			if mode := info.Mode().Perm(); mode != 0o600 {
				t.Errorf("%s has mode %o", path, mode)
			}
		}
	}
}
