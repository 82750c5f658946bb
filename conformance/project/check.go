package project

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/xferspec/xferspec/conformance/config"
	"github.com/xferspec/xferspec/conformance/internal/limited"
	"github.com/xferspec/xferspec/harness/target"
	"github.com/xferspec/xferspec/spec"
)

// Finding is one thing that a folder needs.
type Finding struct {
	What   string // such as "cmake"
	OK     bool
	Detail string // what there is; or what is missing, and how to get it
}

// checks gathers what a folder needs, each thing once.
type checks struct {
	m   Machine
	all []Finding
}

func (c *checks) add(what string, ok bool, format string, args ...any) {
	if !slices.ContainsFunc(c.all, func(f Finding) bool { return f.What == what }) {
		c.all = append(c.all, Finding{what, ok, fmt.Sprintf(format, args...)})
	}
}

// Check says whether this machine has what the targets of a folder need. The
// project is what a look at the folder has found; it tells the libraries.
func Check(ctx context.Context, file *config.File, p *Project, m Machine) []Finding {
	c := &checks{m: m}
	ed, err := spec.LookupEdition(file.Edition)
	if err != nil && file.Edition != "" {
		c.add("edition", false, "%v", err)
	}
	if ed == nil {
		ed, _ = spec.LookupEdition(spec.DefaultEdition)
	}
	for _, t := range []struct {
		target *config.Target
		found  *Candidate
		role   spec.Role
	}{{file.Server, p.Server, spec.Server}, {file.Client, p.Client, spec.Client}} {
		if t.target == nil {
			continue
		}
		found := t.found
		if found == nil {
			found = &Candidate{}
		}
		switch {
		case t.target.Addr != "":
			c.answers(ctx, t.target.Addr)
		case t.target.Image != "" || t.target.Build != "":
			c.container(ctx, t.target)
		default:
			c.compiled(ctx, t.target, found)
			c.program(ctx, t.role, t.target, found)
			if t.role == spec.Server && ed != nil {
				c.port(ctx, ed)
			}
		}
	}
	return c.all
}

// answers looks whether a server is at an address.
func (c *checks) answers(ctx context.Context, addr string) {
	conn, err := (&net.Dialer{Timeout: 2 * time.Second}).DialContext(ctx, "tcp", addr)
	if err != nil {
		c.add("server", false, "nobody answers at %s: start the server", addr)
		return
	}
	_ = conn.Close()
	c.add("server", true, "answers at %s", addr)
}

// port looks whether the port is free that a server has without port.info.
func (c *checks) port(ctx context.Context, ed *spec.Edition) {
	what := "port " + strconv.Itoa(int(ed.DefaultPort))
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", net.JoinHostPort("", strconv.Itoa(int(ed.DefaultPort))))
	if err != nil {
		c.add(what, false, "somebody listens there: end that program, the case of a missing port.info needs it")
		return
	}
	_ = listener.Close()
	c.add(what, true, "is free")
}

// container looks for an engine, the image, and what it is built from.
func (c *checks) container(ctx context.Context, t *config.Target) {
	if err := target.CheckEngine(ctx); err != nil {
		what := "engine"
		if c.m.Find("docker") {
			what = "engine, stopped"
		}
		c.add("container engine", false, "none answers: %s", hint(what, c.m.OS))
		return
	}
	c.add("container engine", true, "answers")
	for _, name := range c.images(t) {
		has, err := target.HasImage(ctx, name)
		switch {
		case err != nil:
			c.add("image "+name, false, "%v", err)
		case !has && t.Image != "":
			c.add("image "+name, false, "the engine does not have it: docker pull %s, or docker build -t %s FOLDER", name, name)
		case !has:
			c.add("image "+name, false, "the engine does not have it: docker pull %s (where no registry answers, ci/base-image of xferspec makes debian:bookworm-slim)", name)
		default:
			c.add("image "+name, true, "is there")
		}
	}
}

// images returns those that have to be there: the target's own, or what its
// Dockerfile builds on.
func (c *checks) images(t *config.Target) []string {
	if t.Build == "" {
		return []string{t.Image}
	}
	text, err := target.ReadFile(t.Build, "Dockerfile", limited.Setting)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		c.add("Dockerfile", false, "there is none in %s: write one, or name the program by dir and run in %s", t.Build, config.Name)
	case err != nil:
		c.add("Dockerfile", false, "the one in %s cannot be read: %v", t.Build, err)
	}
	return baseImages(string(text))
}

// baseImages returns the images that a Dockerfile builds on. One whose name the
// build makes up is left out.
func baseImages(text string) (images []string) {
	stages := []string{"scratch"}
	for line := range strings.Lines(text) {
		words := strings.Fields(line)
		if len(words) < 2 || !strings.EqualFold(words[0], "FROM") {
			continue
		}
		words = slices.DeleteFunc(words[1:], func(word string) bool { return strings.HasPrefix(word, "--") })
		if len(words) > 0 && !slices.Contains(stages, words[0]) && !strings.Contains(words[0], "$") {
			images = append(images, words[0])
		}
		if len(words) == 3 && strings.EqualFold(words[1], "as") {
			stages = append(stages, words[2])
		}
	}
	return images
}

// compiled looks for what makes a program.
func (c *checks) compiled(ctx context.Context, t *config.Target, found *Candidate) {
	for _, words := range t.Compile {
		tool := words[0]
		if !c.m.Find(tool) {
			c.add(tool, false, "not on the PATH: %s", hint(tool, c.m.OS))
			continue
		}
		c.add(tool, true, "is there")
		if tool == "cmake" {
			c.compiler(ctx, found.Headers)
		}
	}
}

// compiler looks for a C++ compiler and whether it finds headers. On Windows CMake
// finds both by itself, or says that it does not.
func (c *checks) compiler(ctx context.Context, headers []string) {
	if c.m.OS == "windows" {
		return
	}
	compilers := []string{"c++", "g++", "clang++"}
	if named := os.Getenv("CXX"); named != "" {
		compilers = []string{named}
	}
	i := slices.IndexFunc(compilers, c.m.Find)
	if i < 0 {
		c.add("C++ compiler", false, "not on the PATH: %s", hint("compiler", c.m.OS))
		return
	}
	c.add("C++ compiler", true, "%s", compilers[i])
	for _, header := range headers {
		library := libraryOf(header)
		if includes(ctx, compilers[i], header) {
			c.add(library.name, true, "%s is there", header)
		} else {
			c.add(library.name, false, "the compiler does not find %s: %s", header, library.hint(c.m.OS))
		}
	}
}

func includes(ctx context.Context, compiler, header string) bool {
	ctx, cancel := context.WithTimeout(ctx, askLimit)
	defer cancel()
	cmd := exec.CommandContext(ctx, compiler, "-E", "-x", "c++", "-") //nolint:gosec // the compiler that the user has set
	cmd.Stdin = strings.NewReader("#include <" + header + ">\n")
	cmd.WaitDelay = time.Second
	return cmd.Run() == nil
}

// program looks for the program that is run, and for its folder.
func (c *checks) program(ctx context.Context, role spec.Role, t *config.Target, found *Candidate) {
	if len(t.Compile) > 0 {
		return // it will be there
	}
	if t.Dir != "" {
		if err := readable(t.Dir); err != nil {
			c.add(role.String()+" folder", false, "%v", err)
			return
		}
	}
	name := t.Run[0]
	base := strings.TrimSuffix(strings.ToLower(filepath.Base(name)), ".exe")
	inside := filepath.Join(t.Dir, name)
	_, err := os.Stat(inside)
	local := strings.ContainsAny(name, `/\`) && !filepath.IsAbs(name) && err == nil
	switch {
	case strings.HasPrefix(base, "python") || base == "py":
		if local {
			name, _ = filepath.Abs(inside)
		}
		c.python(ctx, name, found.Modules)
		c.script(t)
	case local:
		if whole, err := filepath.Abs(inside); err != nil || !c.m.Find(whole) {
			c.add(name, false, "it may not be executed: chmod +x %s", inside)
			return
		}
		c.add(name, true, "is there")
	case c.m.Find(name):
		c.add(name, true, "is there")
	default:
		c.add(name, false, "neither in %s nor on the PATH: build it, or correct run in %s", folderName(t.Dir), config.Name)
	}
}

func folderName(dir string) string {
	if dir == "" || dir == "." {
		return "this folder"
	}
	return dir
}

// python looks for an interpreter and what a program imports.
func (c *checks) python(ctx context.Context, name string, modules []string) {
	version, missing, err := c.m.Python(ctx, name, modules)
	if err != nil {
		c.add(name, false, "it cannot be started: %s", hint("python", c.m.OS))
		return
	}
	c.add(name, true, "version %s", version)
	for _, module := range missing {
		first, _, _ := strings.Cut(module, "|")
		c.add(inWords([]string{module}), false, "%s cannot import it: %s", name, hintForModule(first, c.m.OS))
	}
}

// script looks for the file that Python is to run.
func (c *checks) script(t *config.Target) {
	i := slices.IndexFunc(t.Run, func(word string) bool { return filepath.Ext(word) == ".py" })
	if i < 0 {
		return // a module, or a line of code
	}
	path := t.Run[i]
	if !filepath.IsAbs(path) {
		path = filepath.Join(t.Dir, path)
	}
	if _, err := os.Stat(path); err != nil {
		c.add(t.Run[i], false, "it is not in %s: correct run in %s", folderName(t.Dir), config.Name)
	}
}

// readable looks whether all files in a folder can be copied.
func readable(dir string) error {
	info, err := os.Stat(dir)
	if err != nil || !info.IsDir() {
		return fmt.Errorf("there is no folder %s: correct dir in %s", dir, config.Name)
	}
	n := 0
	return filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err == nil && e.Type().IsRegular() {
			var file *os.File
			if file, err = os.Open(path); err == nil { //nolint:gosec // it is opened to see whether it can be
				_ = file.Close()
			}
		}
		if errors.Is(err, fs.ErrPermission) {
			return fmt.Errorf("%s may not be read: chmod u+r %s", path, path)
		}
		if n++; n > maxFiles {
			return fs.SkipAll
		}
		return err
	})
}
