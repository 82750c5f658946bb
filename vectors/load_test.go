package vectors_test

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/xferspec/xferspec/vectors"
)

const oneCksum = `{
  "$schema": "../schema/cksum.schema.json",
  "comment": "one",
  "vectors": [
    {"id": "cksum-one", "comment": "c", "clauses": ["CRC-1"],
      "pattern": "", "length": 0, "cksum": 4294967295, "wire": "ffffffff"}
  ]
}
`

func TestLoadFS(t *testing.T) {
	for name, file := range map[string]string{"beside": "a.json", "in data": "data/a.json"} {
		t.Run(name, func(t *testing.T) {
			set, err := vectors.LoadFS(fstest.MapFS{file: {Data: []byte(oneCksum)}, "note.txt": {Data: []byte("no JSON")}})
			if err != nil {
				t.Fatal(err)
			}
			if set.Count() != 1 || set.Cksums[0].Cksum != 0xffffffff {
				t.Errorf("read as %+v", set)
			}
		})
	}
}

// Every fault of a file is one line with its place.
func TestLoadRefuses(t *testing.T) {
	replace := func(old, with string) string { return strings.Replace(oneCksum, old, with, 1) }
	for name, c := range map[string]struct{ text, want string }{
		"empty":          {"", "a.json:1:1: not JSON: unexpected end of JSON input"},
		"cut off":        {oneCksum[:60], "a.json:3:14: not JSON: unexpected end of JSON input"},
		"comma":          {replace(`"one",`, `"one"`), "a.json:4:3: not JSON: invalid character '\"' after object key:value pair"},
		"more behind":    {oneCksum + "{", "a.json:9:1: not JSON: invalid character '{' after top-level value"},
		"array":          {"[]", "a.json:1:1: a JSON array cannot stand here"},
		"no schema":      {`{"vectors": []}`, `a.json: no file of vectors: its $schema is "" and must name one of message.schema.json`},
		"other schema":   {replace("cksum.schema", "other.schema"), `its $schema is "../schema/other.schema.json" and must name one of`},
		"no vectors":     {replace("vectors", "vector"), "a.json:1:1: at '': missing property 'vectors'"},
		"unknown member": {replace(`"length"`, `"size": 1, "length"`), "a.json:5:5: at '/vectors/0': additional properties 'size' not allowed"},
		"missing member": {replace(`"length": 0,`, ``), "a.json:5:5: at '/vectors/0': missing property 'length'"},
		"odd digits":     {replace(`"pattern": ""`, `"pattern": "abc"`), "a.json:6:18: at '/vectors/0/pattern': 'abc' does not match pattern"},
		"too large":      {replace(`4294967295`, `4294967296`), "a.json:6:44: at '/vectors/0/cksum': maximum: got 4.2949"},
		"no integer":     {replace(`"length": 0`, `"length": 0.5`), "at '/vectors/0/length': got number, want integer"},
		"float":          {replace(`"length": 0`, `"length": 0.0`), "a.json:6:34: a JSON number 0.0 cannot stand here"},
		"bad id":         {replace("cksum-one", "Cksum_1"), "a.json:5:12: at '/vectors/0/id': 'Cksum_1' does not match pattern"},
		"no clause":      {replace(`["CRC-1"]`, `[]`), "a.json:5:52: at '/vectors/0/clauses': minItems: got 0, want 1"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := vectors.LoadFS(fstest.MapFS{"a.json": {Data: []byte(c.text)}})
			var fault *vectors.FileError
			if !errors.As(err, &fault) || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
				t.Errorf("the error is %v, expected is %s", err, c.want)
			}
		})
	}
}

func TestLoadRefusesTakenIDs(t *testing.T) {
	file := &fstest.MapFile{Data: []byte(oneCksum)}
	_, err := vectors.LoadFS(fstest.MapFS{"a.json": file, "b.json": file})
	if want := `b.json: the id "cksum-one" is taken by a vector of a.json`; err == nil || err.Error() != want {
		t.Errorf("the error is %v", err)
	}
}

func TestLoadDirNamesTheFolder(t *testing.T) {
	dir := t.TempDir()
	for _, dir := range []string{dir, filepath.Join(dir, "missing")} {
		if _, err := vectors.LoadDir(dir); !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), dir) {
			t.Errorf("the error is %v", err)
		}
	}
}

// A digit changed in a file that a user has is found by its vector's id.
func TestLoadDirThenVerify(t *testing.T) {
	dir := t.TempDir()
	if _, err := vectors.Copy(dir); err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(dir, "data", "cksum.json")
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	text = []byte(strings.Replace(string(text), `"pattern": "313233`, `"pattern": "313234`, 1))
	if err := os.WriteFile(name, text, 0o644); err != nil {
		t.Fatal(err)
	}
	set, err := vectors.LoadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	caught(t, vectors.Set{Cksums: set.Cksums}, "cksum-digits", "a digit of the file")
}

func TestValidate(t *testing.T) {
	if err := vectors.Validate("a.json", []byte(oneCksum)); err != nil {
		t.Error(err)
	}
	if err := vectors.Validate("a.json", []byte("{}")); err == nil {
		t.Error("an empty object is no file of vectors")
	}
}

// small returns every file of data cut to its first and last vector.
func small(t testing.TB) map[string][]byte {
	t.Helper()
	all, err := filepath.Glob("data/*.json")
	if err != nil {
		t.Fatal(err)
	}
	cut := map[string][]byte{}
	for _, name := range all {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		var file vectors.File[json.RawMessage]
		if err := json.Unmarshal(text, &file); err != nil {
			t.Fatal(err)
		}
		file.Vectors = []json.RawMessage{file.Vectors[0], file.Vectors[len(file.Vectors)-1]}
		if cut[name], err = json.Marshal(file); err != nil {
			t.Fatal(err)
		}
	}
	return cut
}

// Whatever is in a file, loading says what is wrong with it in one line, or
// verifying comes to an end.
func FuzzLoad(f *testing.F) {
	f.Add([]byte(oneCksum))
	for _, text := range small(f) {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		set, err := vectors.LoadFS(fstest.MapFS{"a.json": {Data: text}})
		if err != nil {
			if strings.Contains(err.Error(), "\n") {
				t.Errorf("an error of several lines: %v", err)
			}
			return
		}
		verify(t, set)
	})
}
