package guides

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xferspec/xferspec/harness/confine"
)

// pages have what their readers type. The rest is for those who read on.
var pages = []string{
	"python-server.md",
	"cpp-client.md",
	"accused.md",
	"../../ci/README.md",
	gradePage,
}

// gradePage needs a system that confines programs.
const gradePage = "../grade/README.md"

// TestPages types what the pages say, each in a folder of its own, which has this
// repository as "xferspec" in it.
func TestPages(t *testing.T) {
	programs := compile(t)
	for _, name := range pages {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if err := confine.Check(t.Context()); name == gradePage && err != nil {
				t.Skipf("this system confines nobody: %v", err)
			}
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			p, err := parse(string(text))
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			checkLinks(t, name, string(text))
			env := environment(t, programs)
			for _, c := range p.foreign {
				checkWords(t, name, c, env)
			}
			p.play(t, name, env)
		})
	}
}

func (p *page) play(t *testing.T, name string, env []string) {
	s := startShell(t, folder(t), env)
	defer func() { _ = s.stop() }()
	for i, c := range p.commands {
		got, status, err := s.run(c.text)
		if err != nil {
			t.Fatalf("%s:%d: $ %s\n%v", name, c.line, c.text, err)
		}
		if !matches(c.want, got) {
			t.Fatalf("%s:%d: $ %s\nprints\n%s\nbut the page has\n%s", name, c.line, c.text, strings.Join(got, "\n"), strings.Join(c.want, "\n"))
		}
		told := i+1 < len(p.commands) && p.commands[i+1].text == "echo $?"
		if status != 0 && !told {
			t.Fatalf("%s:%d: $ %s\nexit status %d, which the page does not show", name, c.line, c.text, status)
		}
	}
}

// compile puts the program where a reader has installed it.
func compile(t *testing.T) string {
	t.Helper()
	folder := t.TempDir()
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", folder+"/", "../cmd/xferspec").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return folder
}

func folder(t *testing.T) string {
	t.Helper()
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.Symlink(root, filepath.Join(dir, "xferspec")); err != nil {
		t.Fatal(err)
	}
	return dir
}

// environment is that of a reader: Debian's Python with its packages comes before
// others, and nothing is remembered from other runs.
func environment(t *testing.T, programs string) []string {
	home := t.TempDir()
	return append(os.Environ(), "PATH="+strings.Join([]string{programs, "/usr/bin", os.Getenv("PATH")}, ":"),
		"XDG_CACHE_HOME="+home, "NO_COLOR=1", "PS1=", "PS2=")
}

// checkWords lets xferspec read the words of a command that is for another shell.
func checkWords(t *testing.T, name string, c command, env []string) {
	words := strings.Fields(c.text)
	if words[0] != "xferspec" {
		return
	}
	for i, word := range words {
		if word == "--" {
			words = words[:i]
			break
		}
	}
	cmd := exec.CommandContext(t.Context(), "xferspec", append(words[1:], "--help")...)
	for _, v := range env {
		if path, ok := strings.CutPrefix(v, "PATH="); ok {
			cmd.Path = filepath.Join(strings.Split(path, ":")[0], "xferspec")
		}
	}
	cmd.Err, cmd.Env = nil, env
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%s:%d: %s: %v\n%s", name, c.line, c.text, err, out)
	}
}

// checkLinks sees that what a page links to in this repository is there.
func checkLinks(t *testing.T, name, text string) {
	for part := range strings.SplitSeq(text, "](") {
		to, _, ok := strings.Cut(part, ")")
		if !ok || part == text || strings.Contains(to, "://") || strings.ContainsAny(to, " \n") {
			continue
		}
		to, _, _ = strings.Cut(to, "#")
		if _, err := os.Stat(filepath.Join(filepath.Dir(name), to)); err != nil {
			t.Errorf("%s links to %s: %v", name, to, err)
		}
	}
}

func TestRunnerSeesMistakes(t *testing.T) {
	for name, tt := range map[string]struct {
		page string
		ok   bool
	}{
		"right":              {"$ echo a b\na b\n$ false\n$ echo $?\n1\n", true},
		"another output":     {"$ echo a\nb\n", false},
		"a line more":        {"$ printf 'a\\nb\\n'\na\n", false},
		"a line less":        {"$ echo a\na\nb\n", false},
		"any lines":          {"$ seq 5\n1\n…\n5\n", true},
		"any lines but this": {"$ seq 5\n1\n…\n6\n", false},
		"any text":           {"$ echo took 17 ms\ntook … ms\n", true},
		"a pattern is none":  {"$ echo axb\na.b\n", false},
		"a folder stays":     {"$ mkdir x\n$ cd x\n$ basename \"$PWD\"\nx\n", true},
		"two lines":          {"$ echo a \\\n> b\na b\n", true},
	} {
		t.Run(name, func(t *testing.T) {
			p, err := parse("```console\n" + tt.page + "```\n")
			if err != nil {
				t.Fatal(err)
			}
			s := startShell(t, t.TempDir(), os.Environ())
			defer func() { _ = s.stop() }()
			ok := true
			for _, c := range p.commands {
				got, _, err := s.run(c.text)
				if err != nil {
					t.Fatal(err)
				}
				ok = ok && matches(c.want, got)
			}
			if ok != tt.ok {
				t.Errorf("matches: %v", ok)
			}
		})
	}
	for name, text := range map[string]string{
		"nothing to run": "text\n",
		"another shell":  "```console\n$ true\n```\n```bash\nfalse\n```\n",
		"Windows unsaid": "```console\n$ true\n```\n```powershell\ndir\n```\n",
		"open":           "```console\n$ true\n",
	} {
		if _, err := parse(text); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
