package explain

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestPythonSnippets runs every snippet in Python, and calls what they define.
func TestPythonSnippets(t *testing.T) {
	// The system's own, for which Debian packages PyCryptodome.
	const python = "/usr/bin/python3"
	if out, err := exec.CommandContext(t.Context(), python, "-c", "import Cryptodome").CombinedOutput(); err != nil {
		t.Fatalf("%s has no PyCryptodome (apt-get install python3-pycryptodome): %v\n%s", python, err, out)
	}
	snippets := map[string]string{}
	for _, c := range load().causes {
		if c.Python != "" {
			snippets[c.ID] = c.Python
		}
	}
	text, err := json.Marshal(snippets)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), python, "testdata/check_snippets.py")
	cmd.Stdin = bytes.NewReader(text)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Errorf("%v\n%s", err, out)
	}
	if want := fmt.Sprintf("%d snippets", len(snippets)); !strings.Contains(string(out), want) {
		t.Errorf("not all snippets were run, want %s:\n%s", want, out)
	}
}

// TestCppSnippets compiles the snippets that need the standard library alone,
// and runs what they define.
func TestCppSnippets(t *testing.T) {
	check, err := os.ReadFile("testdata/check_snippets.cpp")
	if err != nil {
		t.Fatal(err)
	}
	program := filepath.Join(t.TempDir(), "check")
	compile(t, cppUnit(t, false)+string(check), "-o", program)
	if out, err := exec.CommandContext(t.Context(), program).CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// TestCppSnippetsWithLibraries compiles those that need Boost or Crypto++.
func TestCppSnippetsWithLibraries(t *testing.T) {
	headers := "#include <boost/asio.hpp>\n#include <cryptopp/rsa.h>\n"
	if err := compiler(t, headers, "-E", "-o", os.DevNull).Run(); err != nil {
		t.Fatal("the headers of Boost or Crypto++ are missing: apt-get install libboost-dev libcrypto++-dev")
	}
	compile(t, cppUnit(t, true), "-fsyntax-only")
}

// cppUnit joins the snippets that use libraries, or those that do not, each in a
// namespace of its name.
func cppUnit(t *testing.T, libraries bool) string {
	var includes, bodies strings.Builder
	n := 0
	for _, c := range load().causes {
		uses := strings.Contains(c.Cpp, "<boost/") || strings.Contains(c.Cpp, "<cryptopp/")
		if c.Cpp == "" || uses != libraries {
			continue
		}
		n++
		fmt.Fprintf(&bodies, "namespace %s {\n", strings.ReplaceAll(c.ID, "-", "_"))
		for line := range strings.Lines(c.Cpp) {
			if strings.HasPrefix(line, "#include") {
				includes.WriteString(line)
			} else {
				bodies.WriteString(line)
			}
		}
		bodies.WriteString("\n}\n")
	}
	if n == 0 {
		t.Fatal("no snippets")
	}
	return includes.String() + bodies.String()
}

func compiler(t *testing.T, source string, args ...string) *exec.Cmd {
	t.Helper()
	args = append([]string{"-std=c++17", "-Wall", "-Wextra", "-Wno-unused-function", "-Werror", "-x", "c++", "-"}, args...)
	cmd := exec.CommandContext(t.Context(), "g++", args...)
	cmd.Stdin = strings.NewReader(source)
	return cmd
}

func compile(t *testing.T, source string, args ...string) {
	t.Helper()
	if out, err := compiler(t, source, args...).CombinedOutput(); err != nil {
		t.Fatalf("g++: %v\n%s", err, out)
	}
}
