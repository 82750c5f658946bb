package project

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/xferspec/xferspec/conformance/config"
	"github.com/xferspec/xferspec/spec"
)

// linux is a machine with these programs, one Python among them that has all modules.
func linux(programs ...string) Machine {
	return Machine{
		OS: "linux",
		Find: func(program string) bool {
			return strings.Contains(" "+strings.Join(programs, " ")+" ", " "+program+" ")
		},
		Python: func(_ context.Context, python string, _ []string) (string, []string, error) {
			if python != "python3" {
				return "", nil, errors.New("not here")
			}
			return "3.11.2", nil, nil
		},
	}
}

func files(names map[string]string) fstest.MapFS {
	all := fstest.MapFS{}
	for name, text := range names {
		all[name] = &fstest.MapFile{Data: []byte(text), Mode: 0o755}
	}
	return all
}

const (
	serverText = "import socket\nsock.bind(('', 1))\nsock.listen()\nopen('port.info')\n"
	clientText = "import socket\nsock.connect(a)\nopen('transfer.info')\n"
	elf        = "\x7fELF\x02\x01"
)

func TestLook(t *testing.T) {
	cmake := func(folder, dir, name string) *config.Target {
		build := join(folder, "build")
		return &config.Target{
			Compile: [][]string{
				{"cmake", "-S", folder, "-B", build, "-DCMAKE_BUILD_TYPE=Release", "-DCMAKE_RUNTIME_OUTPUT_DIRECTORY_RELEASE=bin"},
				{"cmake", "--build", build, "--config", "Release", "--target", name, "--parallel", "4"},
			},
			Dir: dir, Run: []string{"./" + name},
		}
	}
	python := func(dir, file string) *config.Target {
		return &config.Target{Dir: dir, Run: []string{"python3", "-u", file}}
	}
	for name, tt := range map[string]struct {
		files          map[string]string
		server, client *config.Target
	}{
		"a server in one file": {
			map[string]string{"srv.py": serverText}, python(".", "srv.py"), nil,
		},
		"main imports what listens": {
			map[string]string{
				"main.py": "import server\n", "server.py": "from core.net import x\nif __name__ == '__main__':\n  x()\n",
				"core/net.py": serverText, "test_main.py": clientText,
			}, python(".", "main.py"), nil,
		},
		"both in one folder": {
			map[string]string{"server.py": serverText, "client.py": clientText}, python(".", "server.py"), python(".", "client.py"),
		},
		"a package": {
			map[string]string{"srv/__init__.py": "", "srv/__main__.py": "from . import net\n", "srv/net.py": serverText},
			&config.Target{Dir: ".", Run: []string{"python3", "-u", "-m", "srv"}}, nil,
		},
		"a folder each": {
			map[string]string{
				"server/main.py": serverText, "client/CMakeLists.txt": "project(sender)\nadd_executable(${PROJECT_NAME} main.cpp)\nadd_executable(unit_test t.cpp)\n",
				"client/main.cpp": `#include <boost/asio.hpp>` + "\nopen(\"transfer.info\");", "client/t.cpp": "",
			}, python("server", "main.py"), cmake("client", "client/build/bin", "sender"),
		},
		"two programs of one CMakeLists.txt": {
			map[string]string{
				"CMakeLists.txt": "set(S srv)\nadd_executable(${S} a.cpp) # add_executable(old a.cpp)\nadd_executable(cl b.cpp)\n", "a.cpp": `f("port.info")`, "b.cpp": `f("transfer.info")`,
			}, cmake(".", "build/bin", "srv"), cmake(".", "build/bin", "cl"),
		},
		"a CMakeLists.txt below another": {
			map[string]string{
				"c/CMakeLists.txt": "add_subdirectory(src)", "c/src/CMakeLists.txt": "add_executable(cl m.cpp)", "c/src/m.cpp": `f("transfer.info")`,
			}, nil, cmake("c", "c/build/src/bin", "cl"),
		},
		"a Visual Studio solution": {
			map[string]string{
				"c.sln":                  "Project(\"{8BC9CEB8}\") = \"snd\", \"snd\\snd.vcxproj\", \"{1}\"\nEndProject\n",
				"snd/snd.vcxproj":        "<ConfigurationType>Application</ConfigurationType>",
				"snd/main.cpp":           `f("transfer.info")`,
				"lib/lib.vcxproj":        "<ConfigurationType>StaticLibrary</ConfigurationType>",
				"x64/Release/snd.exe":    "MZ",
				"snd/snd.vcxproj.filter": "",
			}, nil, &config.Target{
				Compile: [][]string{{"msbuild", "c.sln", "-p:Configuration=Release", "-p:Platform=x64", "-m", "-v:minimal"}},
				Dir:     "x64/Release", Run: []string{"./snd.exe"},
			},
		},
		"a Dockerfile and Go": {
			map[string]string{"Dockerfile": "FROM golang\n", "main.go": `net.Listen("tcp"); os.ReadFile("port.info")`},
			&config.Target{Build: "."}, nil,
		},
		"a program": {
			map[string]string{"bin/snd": elf + "..transfer.info..", "bin/lib.so": elf + "port.info", "notes": "port.info"},
			nil, &config.Target{Dir: "bin", Run: []string{"./snd"}},
		},
		"nothing": {map[string]string{"README.md": "port.info", "tool.py": "print(1)"}, nil, nil},
	} {
		t.Run(name, func(t *testing.T) {
			p, err := Look(t.Context(), files(tt.files), linux("cmake", "docker"))
			if err != nil {
				t.Fatal(err)
			}
			for role, want := range map[string]*config.Target{"server": tt.server, "client": tt.client} {
				var got *config.Target
				if c := map[string]*Candidate{"server": p.Server, "client": p.Client}[role]; c != nil {
					got = &c.Target
				}
				if !reflect.DeepEqual(got, want) {
					t.Errorf("%s: %+v\nwant %+v", role, got, want)
				}
			}
		})
	}
}

func TestLookTakesWhatThisMachineCanRun(t *testing.T) {
	project := files(map[string]string{"Dockerfile": "FROM x\n", "CMakeLists.txt": "add_executable(c m.cpp)", "m.cpp": `"transfer.info"`})
	for programs, want := range map[string]string{"cmake docker": "CMake", "docker": "Dockerfile", "": "CMake"} {
		p, err := Look(t.Context(), project, linux(programs))
		if programs == "cmake docker" {
			p, err = Look(t.Context(), project, linux("cmake", "docker"))
		}
		if err != nil || p.Client == nil || p.Client.Kind != want {
			t.Errorf("with %q: %+v, %v, want %s", programs, p.Client, err, want)
		}
		if want == "CMake" && p.Client != nil && p.Client.Container != "." {
			t.Error("it does not say that there is a Dockerfile")
		}
	}
}

func TestLookSaysWhatItCannotDecide(t *testing.T) {
	for name, tt := range map[string]struct {
		files map[string]string
		want  string
	}{
		"no role":     {map[string]string{"main.py": "print(1)\n"}, "main.py is neither clearly a server nor clearly a client: say which with --role"},
		"two servers": {map[string]string{"a/main.py": serverText, "b/main.py": serverText}, "b/main.py looks like a server as well"},
	} {
		p, err := Look(t.Context(), files(tt.files), linux())
		if err != nil || len(p.Doubts) != 1 || !strings.Contains(p.Doubts[0], tt.want) {
			t.Errorf("%s: %q, %v", name, p.Doubts, err)
		}
	}
	p, err := Assume(t.Context(), files(map[string]string{"main.py": "print(1)\n"}), linux(), spec.Client)
	if err != nil || p.Client == nil || p.Server != nil {
		t.Errorf("assumed: %+v, %v", p, err)
	}
}

// Whoever opens a pipe waits for somebody to write into it.
func TestLookReadsFilesOnly(t *testing.T) {
	project := files(map[string]string{"main.py": serverText, "client.py": clientText})
	project["client.py"].Mode |= fs.ModeNamedPipe
	p, err := Look(t.Context(), project, linux())
	if err != nil || p.Server == nil || p.Client != nil {
		t.Errorf("%+v, %v", p, err)
	}
}

func TestEdition(t *testing.T) {
	for text, want := range map[string]struct {
		edition string
		doubts  int
	}{
		"1025 1600 1028":      {"2024a", 0},
		"825 1600":            {"2024c", 0},
		"1025 2100":           {"2023c", 0},
		"1100 2100 1102 2107": {"2023a", 0},
		"1100 2100":           {"2023a", 1},
		"1025 1028":           {"2024a", 1},
		"":                    {"2024a", 1},
	} {
		p, err := Look(t.Context(), files(map[string]string{"main.py": serverText + text}), linux())
		if err != nil {
			t.Fatal(err)
		}
		if got := p.Edition(); got != want.edition || len(p.Doubts) != want.doubts {
			t.Errorf("%q: %s, doubts %q, want %v", text, got, p.Doubts, want)
		}
	}
}

// What init writes is read again as it was meant, whatever names there are.
func TestConfigIsValid(t *testing.T) {
	for _, odd := range []string{"main.py", "on.py", "a b's \"x\".py", "#1.py", "{x}.py", "- x.py", "naïve.py"} {
		p, err := Look(t.Context(), files(map[string]string{"dir: x/" + odd: serverText}), linux())
		if err != nil || p.Server == nil {
			t.Fatalf("%s: %+v, %v", odd, p, err)
		}
		text, err := p.Config("2024a", SchemaURL, "1.0")
		if err != nil {
			t.Fatalf("%s: %v\n%s", odd, err, text)
		}
		file, err := config.Parse(config.Name, text)
		if err != nil || !reflect.DeepEqual(*file.Server, p.Server.Target) || file.Edition != "2024a" {
			t.Errorf("%s: %+v, %v\n%s", odd, file, err, text)
		}
	}
}

func TestPythonThatHasTheModules(t *testing.T) {
	m := linux()
	m.Python = func(_ context.Context, python string, modules []string) (string, []string, error) {
		if python == "python3" {
			return "3.12.0", modules, nil
		}
		return "3.11.0", nil, nil
	}
	text := "import os as o, socket\ntry:\n    from Cryptodome.Cipher import AES\nexcept ImportError:\n    from Crypto.Cipher import AES\n\nif x:\n    import msvcrt\n" + serverText
	p, err := Look(t.Context(), files(map[string]string{"main.py": text}), m)
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"os", "socket", "Cryptodome|Crypto"}; !reflect.DeepEqual(p.Server.Modules, want) {
		t.Errorf("modules %q, want %q", p.Server.Modules, want)
	}
	if p.Server.Target.Run[0] != "python" {
		t.Errorf("runs %q", p.Server.Target.Run)
	}
	// A virtual environment comes first.
	root := t.TempDir()
	if err := os.MkdirAll(filepath.Join(root, ".venv", "bin"), 0o700); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"main.py": text, ".venv/bin/python": ""} {
		if err := os.WriteFile(filepath.Join(root, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	m.Root = root
	if p, err = Look(t.Context(), os.DirFS(root), m); err != nil || p.Server.Target.Run[0] != "./.venv/bin/python" {
		t.Errorf("runs %+v, %v", p.Server, err)
	}
}
