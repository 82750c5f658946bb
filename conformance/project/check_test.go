package project

import (
	"context"
	"errors"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xferspec/xferspec/conformance/config"
)

// lacks checks a target on a machine, and wants just these things missing.
func lacks(t *testing.T, file *config.File, p *Project, m Machine, want ...string) {
	t.Helper()
	var missing []string
	for _, f := range Check(t.Context(), file, p, m) {
		if !f.OK && f.What != "port 1256" { // which others on this machine may use
			missing = append(missing, f.What+": "+f.Detail)
		}
	}
	if len(missing) != len(want) {
		t.Fatalf("missing %q, want %q", missing, want)
	}
	for i := range want {
		if !strings.Contains(missing[i], want[i]) {
			t.Errorf("missing %q, want %q", missing[i], want[i])
		}
	}
}

func TestCheckSaysWhatIsMissing(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"prog", "main.py"} {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	none := linux()
	none.Python = func(context.Context, string, []string) (string, []string, error) { return "", nil, errors.New("no") }
	python := &config.Target{Dir: dir, Run: []string{"python3", "main.py"}}
	lacks(t, &config.File{Server: python}, &Project{}, linux())
	lacks(t, &config.File{Server: python}, &Project{}, none, "python3: it cannot be started: apt-get install python3")
	bare := linux()
	bare.Python = func(_ context.Context, _ string, modules []string) (string, []string, error) {
		return "3", modules, nil
	}
	lacks(t, &config.File{Server: python}, &Project{Server: &Candidate{Modules: []string{"Crypto|Cryptodome"}}}, bare,
		"Crypto or Cryptodome: python3 cannot import it: python3 -m pip install pycryptodome")

	mistyped := &config.Target{Dir: dir, Run: []string{"python3", "-u", "mian.py"}}
	lacks(t, &config.File{Server: mistyped}, &Project{}, linux(), "mian.py: it is not in "+dir)

	cmake := cmakeTarget(".", ".", "client")
	lacks(t, &config.File{Client: &cmake}, &Project{}, linux(), "cmake: not on the PATH: apt-get install cmake")
	lacks(t, &config.File{Client: &cmake}, &Project{}, linux("cmake"), "C++ compiler: not on the PATH: apt-get install g++")
	lacks(t, &config.File{Client: &config.Target{Dir: dir, Run: []string{"./prog"}}}, &Project{}, linux(), "chmod +x")
	lacks(t, &config.File{Client: &config.Target{Dir: dir, Run: []string{"./prog"}}}, &Project{}, linux(filepath.Join(dir, "prog")))
	lacks(t, &config.File{Client: &config.Target{Dir: dir, Run: []string{"./gone"}}}, &Project{}, linux(), "neither in "+dir)
	lacks(t, &config.File{Client: &config.Target{Dir: dir + "/no", Run: []string{"x"}}}, &Project{}, linux(), "there is no folder")
	lacks(t, &config.File{Edition: "1999z", Client: &config.Target{Run: []string{"x"}}}, &Project{}, linux("x"), "unknown edition")
}

func TestCheckAsksAnAddress(t *testing.T) {
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	file := &config.File{Server: &config.Target{Addr: listener.Addr().String()}}
	lacks(t, file, &Project{}, linux())
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	lacks(t, file, &Project{}, linux(), "nobody answers")
}

func TestBaseImages(t *testing.T) {
	got := strings.Join(baseImages("FROM --platform=x a:1 AS build\nFROM build AS other\nFROM $X\nFROM scratch\nfrom b\n"), " ")
	if got != "a:1 b" {
		t.Errorf("%q", got)
	}
}

// A folder comes from a stranger: a Dockerfile need not be one.
func TestCheckReadsNoEndlessDockerfile(t *testing.T) {
	dir := t.TempDir()
	if err := os.Symlink("/dev/zero", filepath.Join(dir, "Dockerfile")); err != nil {
		t.Skip("no symbolic links here:", err)
	}
	c := &checks{}
	images := c.images(&config.Target{Build: dir})
	if len(images) > 0 || len(c.all) != 1 || c.all[0].OK || !strings.Contains(c.all[0].Detail, "leads out") {
		t.Errorf("images %q, findings %+v", images, c.all)
	}
}
