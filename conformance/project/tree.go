package project

import (
	"errors"
	"io"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
)

// Bounds for what is looked at.
const (
	maxDepth = 4       // folders inside each other
	maxFiles = 4000    // in all
	maxText  = 1 << 20 // bytes of a source file
)

// tree is the files of a project by their folders, without those that tools make.
type tree struct {
	fs      fs.FS
	folders []string            // paths, parents before children
	files   map[string][]string // names by folder
	cut     bool                // there were more
	texts   map[string]string   // of source files that were read
}

// made matches the names of folders that tools make.
var made = regexp.MustCompile(`(?i)^(\..*|__pycache__|venv|env|node_modules|site-packages|build.*|cmake-build.*|out|obj|x64|x86|debug|release|dist|tests?|traces)$`)

// IsMade says whether a folder's name is one that tools give to what they make, or
// one that holds no implementation.
func IsMade(name string) bool { return name != "." && made.MatchString(name) }

func readTree(folder fs.FS) (*tree, error) {
	t := &tree{fs: folder, files: map[string][]string{}, texts: map[string]string{}}
	n := 0
	err := fs.WalkDir(folder, ".", func(name string, e fs.DirEntry, err error) error {
		switch {
		case err != nil && name == ".":
			return err
		case err != nil:
			return fs.SkipDir // a folder that may not be read is not an implementation
		case e.IsDir() && (IsMade(e.Name()) || strings.Count(name, "/") >= maxDepth):
			return fs.SkipDir
		case e.IsDir():
			t.folders = append(t.folders, name)
		case !regular(folder, name, e):
			return nil // reading a pipe or a device might never end
		default:
			if n++; n > maxFiles {
				t.cut = true
				return fs.SkipAll
			}
			dir := path.Dir(name)
			t.files[dir] = append(t.files[dir], e.Name())
		}
		return nil
	})
	return t, err
}

// regular says whether a file, or what a link leads to, is one that has an end.
func regular(folder fs.FS, name string, e fs.DirEntry) bool {
	if e.Type()&fs.ModeSymlink == 0 {
		return e.Type().IsRegular()
	}
	info, err := fs.Stat(folder, name)
	return err == nil && info.Mode().IsRegular()
}

// has says whether a file is in the tree.
func (t *tree) has(name string) bool {
	return slices.Contains(t.files[path.Dir(name)], path.Base(name))
}

// hasBelow says whether a file is there in any folder, by the end of its path.
func (t *tree) hasBelow(name string) bool {
	return slices.ContainsFunc(t.folders, func(folder string) bool { return t.has(join(folder, name)) })
}

// text returns the beginning of a file; nothing if it cannot be read.
func (t *tree) text(name string) string {
	if text, ok := t.texts[name]; ok {
		return text
	}
	text := string(t.head(name, maxText))
	t.texts[name] = text
	return text
}

func (t *tree) head(name string, limit int64) []byte {
	file, err := t.fs.Open(name)
	if err != nil {
		return nil
	}
	content, readErr := io.ReadAll(io.LimitReader(file, limit))
	if errors.Join(readErr, file.Close()) != nil {
		return nil
	}
	return content
}

// with returns the paths of the files in a folder, and in those below it if deep,
// whose names match.
func (t *tree) with(folder string, deep bool, name *regexp.Regexp) (paths []string) {
	for _, f := range t.folders {
		if f != folder && (!deep || folder != "." && !strings.HasPrefix(f, folder+"/")) {
			continue
		}
		for _, file := range t.files[f] {
			if name.MatchString(file) {
				paths = append(paths, join(f, file))
			}
		}
	}
	return paths
}
