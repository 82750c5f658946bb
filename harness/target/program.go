package target

import (
	"os/exec"
	"runtime"
	"slices"
	"strings"
)

// lookProgram finds a program along PATH.
func lookProgram(name string) (string, error) { return lookPython(runtime.GOOS, name, exec.LookPath) }

// lookPython finds what is called python3 elsewhere and python, or py, on Windows.
// There a file python3.exe runs nothing but the shop of Microsoft, unless Python
// was bought there: it is taken where nothing else is.
func lookPython(system, name string, look func(string) (string, error)) (string, error) {
	path, err := look(name)
	names := []string{"python3", "python", "py"}
	if system != "windows" || !slices.Contains(names, strings.TrimSuffix(strings.ToLower(name), ".exe")) {
		return path, err
	}
	if err == nil && !inShop(path) {
		return path, nil
	}
	for _, other := range names {
		if path, err := look(other); err == nil && !inShop(path) {
			return path, nil
		}
	}
	return path, err
}

func inShop(path string) bool {
	return strings.Contains(strings.ToLower(path), `\microsoft\windowsapps\`)
}
