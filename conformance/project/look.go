package project

import (
	"cmp"
	"context"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/xferspec/xferspec/conformance/config"
	"github.com/xferspec/xferspec/spec"
)

// Candidate is something in a folder that can be run.
type Candidate struct {
	Kind   string        // such as "Python"
	What   string        // such as "main.py"
	Role   spec.Role     // 0 if nothing tells
	Target config.Target // how it is run
	Why    []string      // what tells its role
	Notes  []string      // what the user has to know or to do

	Container string // folder with a Dockerfile for the same program; may be ""

	Modules []string // that a Python program imports and does not have itself; "a|b" is one of them
	Headers []string // of libraries that a C++ program includes

	folder string          // path of its folder in the project, "." for the top
	score  int             // how strongly the evidence speaks for the role
	usable bool            // this machine has the tools for it
	codes  map[uint16]bool // numbers in its texts
	names  bool            // it names port.info or transfer.info
}

// Project is what was found in a folder.
type Project struct {
	Server, Client *Candidate // nil if there is none
	Doubts         []string   // what could not be decided, and what to do about it
}

// finders are the kinds of things that can be run, the better ones first: what is
// run directly starts faster than a container, and shows more of itself.
var finders = []struct {
	kind string
	find func(ctx context.Context, t *tree, m Machine) []*Candidate
}{
	{"Python", findPython},
	{"CMake", findCMake},
	{"Visual Studio", findVisualStudio},
	{"Dockerfile", findDockerfiles},
	{"program", findBinaries},
}

// strong is the score of a program that names a file of the protocol.
const strong = 5

// Look looks at a folder and says what in it is the server and what the client.
// It is an error if the folder cannot be read.
func Look(ctx context.Context, folder fs.FS, m Machine) (*Project, error) {
	return look(ctx, folder, m, 0)
}

// Assume looks for one role alone, and takes whatever has none by itself for that.
func Assume(ctx context.Context, folder fs.FS, m Machine, role spec.Role) (*Project, error) {
	return look(ctx, folder, m, role)
}

func look(ctx context.Context, folder fs.FS, m Machine, assumed spec.Role) (*Project, error) {
	t, err := readTree(folder)
	if err != nil {
		return nil, err
	}
	var all []*Candidate
	for _, f := range finders {
		for _, c := range f.find(ctx, t, m) {
			c.Kind = f.kind
			if c.Role == 0 && assumed != 0 {
				c.Role, c.Why = assumed, []string{"is one because you say so"}
			}
			all = append(all, c)
		}
	}
	p := &Project{}
	if t.cut {
		p.Doubts = append(p.Doubts, fmt.Sprintf("only the first %d files were looked at: name the folder of the implementation alone", maxFiles))
	}
	if assumed != spec.Client {
		p.Server = p.choose(all, spec.Server)
	}
	if assumed != spec.Server {
		p.Client = p.choose(all, spec.Client)
	}
	p.undecided(all)
	return p, nil
}

// rank orders candidates for one role, the best first.
func rank(a, b *Candidate) int {
	first := func(is, other bool) int {
		if is == other {
			return 0
		}
		if is {
			return -1
		}
		return 1
	}
	return cmp.Or(
		first(a.score >= strong, b.score >= strong),
		first(a.usable, b.usable),
		cmp.Compare(kindOrder(a.Kind), kindOrder(b.Kind)),
		-cmp.Compare(a.score, b.score),
		cmp.Compare(strings.Count(a.folder, "/"), strings.Count(b.folder, "/")),
	)
}

func kindOrder(kind string) int {
	for i, f := range finders {
		if f.kind == kind {
			return i
		}
	}
	return len(finders)
}

// choose takes the best candidate for a role.
func (p *Project) choose(all []*Candidate, role spec.Role) *Candidate {
	var mine []*Candidate
	for _, c := range all {
		if c.Role == role {
			mine = append(mine, c)
		}
	}
	if len(mine) == 0 {
		return nil
	}
	slices.SortStableFunc(mine, rank)
	best := mine[0]
	for _, other := range mine[1:] {
		switch {
		case other.Kind == "Dockerfile" && other.folder == best.folder:
			best.Container = other.Target.Build
		case other.Kind == best.Kind && other.score >= best.score && other.What != best.What:
			p.Doubts = append(p.Doubts, fmt.Sprintf("%s looks like a %s as well: if it is that one, change %s in %s", other.What, role, role, config.Name))
		}
	}
	return best
}

// undecided says of what nothing tells the role, where a role is still open.
func (p *Project) undecided(all []*Candidate) {
	if p.Server != nil || p.Client != nil {
		return
	}
	for _, c := range all {
		if c.Role == 0 {
			p.Doubts = append(p.Doubts, fmt.Sprintf("%s is neither clearly a server nor clearly a client: say which with --role server or --role client", c.What))
		}
	}
}

// join returns a path below a folder of the project, for a configuration.
func join(folder string, names ...string) string {
	return path.Join(append([]string{folder}, names...)...)
}
