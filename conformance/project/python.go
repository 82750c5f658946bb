package project

import (
	"context"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/xferspec/xferspec/conformance/config"
	"github.com/xferspec/xferspec/spec"
)

var (
	pyFile   = regexp.MustCompile(`\.py$`)
	pyTest   = regexp.MustCompile(`(?i)^(test_.*|.*_tests?|tests?|conftest|setup)\.py$`)
	pyImport = regexp.MustCompile(`(?m)^([ \t]*)(?:from[ \t]+(\.*[\w.]*)[ \t]+import|import[ \t]+([\w., \t]+))`)
	// pyEither matches a module that is imported, or else another one.
	pyEither  = regexp.MustCompile(`(?m)^try:[^\n]*\n((?:[ \t]+[^\n]*\n|\n)+)except[^\n]*:[^\n]*\n((?:[ \t]+[^\n]*\n|\n)+)`)
	mainGuard = regexp.MustCompile(`(?m)^if\s+__name__\s*==\s*['"]__main__['"]`)
	// works matches what a program does that has no main function to show for it.
	works = regexp.MustCompile(`\blisten\s*\(|\.connect\s*\(|create_connection\s*\(|serve_forever\s*\(`)
)

// pyNames are what a program's first file is often called, the likeliest first.
var pyNames = []string{"main.py", "server.py", "client.py", "__main__.py", "app.py", "run.py"}

func findPython(ctx context.Context, t *tree, m Machine) (all []*Candidate) {
	for _, folder := range t.folders {
		for _, entry := range pyEntries(t, folder) {
			all = append(all, pythonProgram(ctx, t, m, folder, entry))
		}
	}
	return all
}

// pyEntries returns the names of the files in a folder that can be started and
// that none of the others imports.
func pyEntries(t *tree, folder string) []string {
	var entries []string
	for _, file := range t.with(folder, false, pyFile) {
		name := path.Base(file)
		text := t.text(file)
		if !pyTest.MatchString(name) && (mainGuard.MatchString(text) || slices.Contains(pyNames, name) || works.MatchString(text)) {
			entries = append(entries, name)
		}
	}
	imported := map[string]bool{}
	for _, entry := range entries {
		files, _ := pyClosure(t, folder, entry)
		for _, file := range files[1:] {
			imported[file] = true
		}
	}
	entries = slices.DeleteFunc(entries, func(name string) bool { return imported[join(folder, name)] })
	slices.SortStableFunc(entries, func(a, b string) int { return pyOrder(a) - pyOrder(b) })
	return entries
}

func pyOrder(name string) int {
	if i := slices.Index(pyNames, name); i >= 0 {
		return i
	}
	return len(pyNames)
}

// pyClosure returns a file and all of the project that it imports, and the names of
// the modules that are not of the project.
func pyClosure(t *tree, folder, entry string) (files, foreign []string) {
	files = []string{join(folder, entry)}
	for i := 0; i < len(files); i++ {
		for _, found := range pyImports(t.text(files[i])) {
			dir, module := folder, found.module
			if strings.HasPrefix(module, ".") {
				dir = path.Dir(files[i])
			}
			own := pyModule(t, dir, strings.TrimLeft(module, "."))
			if len(own) == 0 && !strings.HasPrefix(module, ".") && !found.guarded {
				foreign = appendNew(foreign, topOf(module))
			}
			files = appendNew(files, own...)
		}
		foreign = appendNew(foreign, pyAlternatives(t.text(files[i]))...)
	}
	return files, foreign
}

func appendNew(list []string, more ...string) []string {
	for _, item := range more {
		if !slices.Contains(list, item) {
			list = append(list, item)
		}
	}
	return list
}

func topOf(module string) string {
	top, _, _ := strings.Cut(module, ".")
	return top
}

// pyAlternatives returns modules of which one is needed, as "Cryptodome|Crypto".
func pyAlternatives(text string) (all []string) {
	for _, found := range pyEither.FindAllStringSubmatch(text, -1) {
		var either []string
		for _, block := range found[1:] {
			for _, imported := range pyImports(block) {
				either = appendNew(either, topOf(imported.module))
			}
		}
		if len(pyImports(found[1])) > 0 && len(pyImports(found[2])) > 0 {
			all = append(all, strings.Join(either, "|"))
		}
	}
	return all
}

// pyImported is a module that a text imports; guarded if that is in a block, where
// it may be for another system, or do without.
type pyImported struct {
	module  string
	guarded bool
}

func pyImports(text string) (modules []pyImported) {
	for _, found := range pyImport.FindAllStringSubmatch(text, -1) {
		names := []string{found[2]}
		if found[2] == "" {
			names = strings.Split(found[3], ",")
		}
		for _, name := range names {
			if words := strings.Fields(name); len(words) > 0 { // without "as other"
				modules = append(modules, pyImported{words[0], found[1] != ""})
			}
		}
	}
	return modules
}

// pyModule returns the files of a module of the project, or of the package that it
// is in: who imports one of a package may use any.
func pyModule(t *tree, folder, module string) []string {
	if file := join(folder, strings.ReplaceAll(module, ".", "/")+".py"); t.has(file) {
		return []string{file}
	}
	top := topOf(module)
	if file := join(folder, top+".py"); top != "" && t.has(file) {
		return []string{file}
	}
	return t.with(join(folder, top), top != "", pyFile)
}

func pythonProgram(ctx context.Context, t *tree, m Machine, folder, entry string) *Candidate {
	files, foreign := pyClosure(t, folder, entry)
	var texts []string
	for _, file := range files {
		texts = append(texts, t.text(file))
	}
	c := &Candidate{What: join(folder, entry), folder: folder, Modules: foreign}
	c.weigh(c.What, texts...)
	python, note := m.choosePython(ctx, t, folder, foreign)
	c.usable = python.version != ""
	if note != "" {
		c.Notes = append(c.Notes, note)
	}
	c.Target = config.Target{Dir: folder, Run: []string{python.name, "-u", entry}}
	if entry == "__main__.py" && t.has(join(folder, "__init__.py")) && folder != "." {
		c.Target = config.Target{Dir: path.Dir(folder), Run: []string{python.name, "-u", "-m", path.Base(folder)}}
	}
	if c.Role == spec.Server && !c.names {
		c.Notes = append(c.Notes, fmt.Sprintf("%s does not read port.info: write {port} among the words of run, where it takes its port.", entry))
	}
	return c
}
