package project

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"
)

// Machine answers what is asked about a machine.
type Machine struct {
	OS   string                    // as runtime.GOOS
	Root string                    // path of the folder that is looked at
	Find func(program string) bool // whether it can be started by this name
	// Python returns the version of an interpreter, and which of the modules it
	// cannot import.
	Python func(ctx context.Context, python string, modules []string) (version string, missing []string, err error)
}

// This returns the machine that this program runs on, for a look at a folder.
func This(root string) Machine {
	return Machine{
		OS: runtime.GOOS, Root: root,
		Find:   func(program string) bool { _, err := exec.LookPath(program); return err == nil },
		Python: askPython,
	}
}

// Onlooker returns this machine for one that runs nothing of the folder at a root: an
// interpreter in there is taken for one that has all.
func Onlooker(root string) Machine {
	m := This(root)
	m.Python = func(ctx context.Context, python string, modules []string) (string, []string, error) {
		whole, err := filepath.Abs(python)
		base, baseErr := filepath.Abs(root)
		if errors.Join(err, baseErr) != nil {
			return "", nil, errors.Join(err, baseErr)
		}
		within, err := filepath.Rel(base, whole)
		if strings.ContainsAny(python, `/\`) && err == nil && filepath.IsLocal(within) {
			return "of the folder", nil, nil
		}
		return askPython(ctx, python, modules)
	}
	return m
}

// askLimit bounds a question to a program of this machine.
const askLimit = 10 * time.Second

// pyQuestion prints the version, and then the modules that are not there.
const pyQuestion = `import sys, importlib.util as u
print("%d.%d.%d" % sys.version_info[:3])
for m in sys.argv[1:]:
    if not any(n in sys.modules or u.find_spec(n) for n in m.split("|")): print(m)`

func askPython(ctx context.Context, python string, modules []string) (string, []string, error) {
	ctx, cancel := context.WithTimeout(ctx, askLimit)
	defer cancel()
	cmd := exec.CommandContext(ctx, python, append([]string{"-c", pyQuestion}, modules...)...)
	cmd.Dir = os.TempDir() // so that what it imports is not the project's
	cmd.WaitDelay = time.Second
	output, err := cmd.Output()
	if err != nil {
		return "", nil, err
	}
	lines := strings.Fields(string(output))
	if len(lines) == 0 {
		return "", nil, errors.New("it does not say its version")
	}
	return lines[0], lines[1:], nil
}

// interpreter is a Python of this machine.
type interpreter struct {
	name, version string
	missing       []string // modules
}

// choosePython returns the interpreter for a program: that of its virtual
// environment, or the first one that has all that it imports; else the first.
func (m Machine) choosePython(ctx context.Context, t *tree, folder string, modules []string) (best interpreter, note string) {
	var first interpreter
	for _, name := range m.pythons(t, folder) {
		path := name
		if strings.HasPrefix(name, "./") {
			path = filepath.Join(m.Root, filepath.FromSlash(folder), name)
		}
		version, missing, err := m.Python(ctx, path, modules)
		if err != nil {
			continue
		}
		found := interpreter{name, version, missing}
		if len(missing) == 0 {
			if first.name != "" {
				note = fmt.Sprintf("%s has no module %s, %s has.", first.name, inWords(first.missing), name)
			}
			return found, note
		}
		if first.name == "" {
			first = found
		}
	}
	if first.name == "" {
		first.name = m.pythons(nil, "")[0]
	}
	return first, ""
}

// inWords names modules.
func inWords(modules []string) string {
	return strings.ReplaceAll(strings.Join(modules, ", "), "|", " or ")
}

// pythons returns what an interpreter may be called here, the best first.
func (m Machine) pythons(t *tree, folder string) []string {
	names := []string{"python3", "python", "/usr/bin/python3"}
	inside := "bin/python"
	if m.OS == "windows" {
		names, inside = []string{"python", "py", "python3"}, "Scripts/python.exe"
	}
	if t != nil {
		for _, environment := range []string{".venv", "venv", "env"} {
			if file, err := t.fs.Open(join(folder, environment, inside)); err == nil {
				_ = file.Close()
				names = slices.Insert(names, 0, "./"+environment+"/"+inside)
			}
		}
	}
	return names
}
