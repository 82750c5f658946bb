package target

import (
	"archive/tar"
	"bytes"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// packed returns a tar stream of entries, each with "content" if it is a file.
func packed(t testing.TB, entries ...tar.Header) io.Reader {
	t.Helper()
	var stream bytes.Buffer
	w := tar.NewWriter(&stream)
	for _, entry := range entries {
		if entry.Typeflag == tar.TypeReg && entry.Size == 0 {
			entry.Size = int64(len("content"))
		}
		if err := w.WriteHeader(&entry); err != nil {
			t.Fatal(err)
		}
		if entry.Typeflag == tar.TypeReg {
			_, _ = w.Write([]byte("content")) // an entry that is larger stays incomplete
		}
	}
	_ = w.Flush()
	return &stream
}

func TestUnpack(t *testing.T) {
	dir := t.TempDir()
	err := unpack(packed(t,
		tar.Header{Typeflag: tar.TypeDir, Name: "app/", Mode: 0o755},
		tar.Header{Typeflag: tar.TypeDir, Name: "app/app/", Mode: 0o755},
		tar.Header{Typeflag: tar.TypeReg, Name: "app/app/file", Mode: 0o640},
		tar.Header{Typeflag: tar.TypeLink, Name: "app/hard", Linkname: "app/app/file"},
		tar.Header{Typeflag: tar.TypeSymlink, Name: "app/app/soft", Linkname: "../hard"},
		tar.Header{Typeflag: tar.TypeSymlink, Name: "app/absolute", Linkname: "/etc/passwd"},
		tar.Header{Typeflag: tar.TypeSymlink, Name: "app/outside", Linkname: "../../etc/passwd"},
		tar.Header{Typeflag: tar.TypeFifo, Name: "app/pipe"},
		tar.Header{Typeflag: tar.TypeChar, Name: "app/device"},
	), dir, "app")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	err = filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			text, _ := os.ReadFile(path)
			rel, _ := filepath.Rel(dir, path)
			got = append(got, filepath.ToSlash(rel)+"="+string(text))
		}
		return err
	})
	if want := "app/file=content app/soft=content hard=content"; err != nil || strings.Join(got, " ") != want {
		t.Errorf("there are %v, %v", got, err)
	}
	if info, err := os.Stat(filepath.Join(dir, "app", "file")); err != nil || info.Mode() != 0o640 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
}

func TestUnpackOneFile(t *testing.T) {
	dir := t.TempDir()
	if err := unpack(packed(t, tar.Header{Typeflag: tar.TypeReg, Name: "file", Mode: 0o600}), dir, "file"); err != nil {
		t.Fatal(err)
	}
	if text, err := os.ReadFile(filepath.Join(dir, "file")); err != nil || string(text) != "content" {
		t.Errorf("%q, %v", text, err)
	}
}

func TestUnpackRefuses(t *testing.T) {
	regular := func(name string, size int64) tar.Header {
		return tar.Header{Typeflag: tar.TypeReg, Name: name, Mode: 0o600, Size: size}
	}
	tests := []struct {
		name    string
		entries []tar.Header
		want    string
	}{
		{"a way out", []tar.Header{regular("app/../../file", 0)}, "escapes"},
		{"an absolute name", []tar.Header{regular("/file", 0)}, "escapes"},
		{"a name twice", []tar.Header{regular("app/file", 0), regular("app/file", 0)}, "exists"},
		{"a hard link to the outside", []tar.Header{{Typeflag: tar.TypeLink, Name: "app/x", Linkname: "/etc/passwd"}}, "escapes"},
		{"too much", []tar.Header{regular("app/file", maxFolder+1)}, "more than 1024 MiB"},
		{"the end in a file", []tar.Header{regular("app/file", 1000)}, "unexpected EOF"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			err := unpack(packed(t, test.entries...), t.TempDir(), "app")
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error is %v, want …%s…", err, test.want)
			}
		})
	}
}

// Whatever a container hands out stays inside the folder that it is unpacked into.
func FuzzUnpack(f *testing.F) {
	for _, entries := range [][]tar.Header{
		{{Typeflag: tar.TypeDir, Name: "app/", Mode: 0o700}, {Typeflag: tar.TypeReg, Name: "app/file", Mode: 0o640}},
		{{Typeflag: tar.TypeSymlink, Name: "app/out", Linkname: ".."}, {Typeflag: tar.TypeReg, Name: "app/out/file"}},
		{{Typeflag: tar.TypeLink, Name: "app/hard", Linkname: "app/../../x"}},
	} {
		stream, err := io.ReadAll(packed(f, entries...))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(stream)
	}
	f.Fuzz(func(t *testing.T, stream []byte) {
		around := t.TempDir()
		dir := filepath.Join(around, "dir")
		if err := os.Mkdir(dir, 0o700); err != nil {
			t.Fatal(err)
		}
		_ = unpack(bytes.NewReader(stream), dir, "app")
		entries, err := os.ReadDir(around)
		if err != nil || len(entries) != 1 {
			t.Errorf("there is more than the folder: %v, %v", entries, err)
		}
		_ = filepath.WalkDir(dir, func(path string, entry fs.DirEntry, _ error) error { // so that it can be removed
			if entry != nil && entry.IsDir() {
				_ = os.Chmod(path, 0o700)
			}
			return nil
		})
	})
}
