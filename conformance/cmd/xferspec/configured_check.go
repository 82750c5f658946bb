package main

import (
	"cmp"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/xferspec/xferspec/conformance"
	"github.com/xferspec/xferspec/conformance/config"
	"github.com/xferspec/xferspec/conformance/report"
	"github.com/xferspec/xferspec/harness/target"
	"github.com/xferspec/xferspec/spec"
)

// checkNames looks up what the file names that this program has to know.
func checkNames(file *config.File) error {
	if _, err := spec.LookupEdition(file.Edition); err != nil && file.Edition != "" {
		return config.At(config.Name, err.Error(), "edition")
	}
	if set := string(file.Requirements); set != "" {
		if _, err := conformance.LookupRequirements(set); err != nil {
			return config.At(config.Name, err.Error(), "requirements")
		}
	}
	catalogue, err := conformance.ReadCatalogue()
	if err != nil {
		return exit(report.ExitFault, err)
	}
	for i, k := range file.KnownFailures {
		if !slices.Contains(catalogue.IDs(), k.Case) {
			return config.At(config.Name, catalogue.UnknownCase(k.Case).Error(), "known-failures", strconv.Itoa(i), "case")
		}
	}
	return nil
}

// check looks whether this machine has what the file names for a target, once that
// is compiled. What is wrong is said where it stands.
func (s *subject) check() error {
	t := s.target
	fault := func(key, format string, args ...any) error {
		return config.At(config.Name, fmt.Sprintf(format, args...), s.role.String(), key)
	}
	if t.Addr != "" {
		if _, _, err := net.SplitHostPort(t.Addr); err != nil {
			return fault("addr", "%q is not HOST:PORT, such as 127.0.0.1:1256", t.Addr)
		}
	}
	for key, folder := range map[string]string{"dir": t.Dir, "build": t.Build} {
		if info, err := os.Stat(cmp.Or(folder, ".")); err != nil || !info.IsDir() {
			return fault(key, "there is no folder %q: correct the name, which is taken from the folder of %s", folder, config.Name)
		}
	}
	if t.Build != "" {
		if _, err := os.Stat(filepath.Join(t.Build, "Dockerfile")); err != nil {
			return fault("build", "there is no Dockerfile in %q: write one, or name the program by dir and run", t.Build)
		}
	}
	if len(t.Run) == 0 {
		return nil
	}
	if err := target.CheckProgram(t.Run[0], cmp.Or(t.Dir, ".")); err != nil {
		return fault("run", "%v%s", err, apart(t.Run))
	}
	if script := pythonScript(t.Run); script != "" && !exists(t.Dir, script) {
		return fault("run", "there is no %s in folder %q: correct run, or dir", script, cmp.Or(t.Dir, "."))
	}
	return nil
}

// apart says how a command is written whose words are in one.
func apart(command []string) string {
	words := strings.Fields(command[0])
	if len(command) > 1 || len(words) < 2 {
		return ": correct run, or dir; 'xferspec doctor' says how to get what is not installed"
	}
	return fmt.Sprintf(": write its words apart, [%s]", strings.Join(words, ", "))
}

// pythonScript returns the file that a command has Python run, "" if none is told.
func pythonScript(command []string) string {
	if base := strings.ToLower(filepath.Base(command[0])); !strings.HasPrefix(base, "py") {
		return ""
	}
	for _, word := range command[1:] {
		if filepath.Ext(word) == ".py" {
			return word
		}
		if !strings.HasPrefix(word, "-") || word == "-m" || word == "-c" {
			break
		}
	}
	return ""
}

func exists(dir, path string) bool {
	if !filepath.IsAbs(path) {
		path = filepath.Join(dir, path)
	}
	_, err := os.Stat(path)
	return err == nil
}
