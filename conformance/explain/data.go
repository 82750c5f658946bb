package explain

import (
	"embed"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/goccy/go-yaml"

	"github.com/xferspec/xferspec/spec"
)

//go:embed why.yaml causes/*.yaml
var files embed.FS

// Cause is one way in which programs come to break clauses.
type Cause struct {
	ID      string   `yaml:"id"`    // such as "one-recv"; unique
	Title   string   `yaml:"cause"` // what the program does
	Clauses []string `yaml:"clauses"`
	Effect  string   `yaml:"effect"` // what comes of it, and what to do instead
	Python  string   `yaml:"python"` // the right idiom; "" where only clients in C++ get into it
	Cpp     string   `yaml:"cpp"`    // likewise; "" where only servers in Python do
}

// Why is the reason of some clauses.
type Why struct {
	Clauses []string `yaml:"clauses"`
	Text    string   `yaml:"why"` // one sentence
	// Layouts are the messages that the clauses are about, as spec.MessageType
	// calls them, or "request header" or "response header". Without any, they
	// are those that a clause's text names.
	Layouts []string `yaml:"layouts"`
}

type library struct {
	causes []Cause
	whys   []Why
}

var load = sync.OnceValue(func() library {
	l, err := read(files)
	if err != nil {
		panic(err) // the files are compiled in, and a test reads them
	}
	return l
})

func read(from embed.FS) (library, error) {
	var l library
	entries, err := from.ReadDir("causes")
	if err != nil {
		return l, err
	}
	for _, entry := range entries {
		var causes []Cause
		err = errors.Join(err, decode(from, path.Join("causes", entry.Name()), &causes))
		l.causes = append(l.causes, causes...)
	}
	return l, errors.Join(err, decode(from, "why.yaml", &l.whys))
}

func decode(from embed.FS, name string, into any) error {
	text, err := from.ReadFile(name)
	if err != nil {
		return err
	}
	if err := yaml.UnmarshalWithOptions(text, into, yaml.Strict()); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// Causes returns the usual causes of a broken clause, the most likely first:
// those whose list the clause leads before those that break it besides.
func Causes(clauseID string) []Cause {
	var found []Cause
	for _, c := range load().causes {
		if slices.Contains(c.Clauses, clauseID) {
			found = append(found, c)
		}
	}
	slices.SortStableFunc(found, func(a, b Cause) int {
		return slices.Index(a.Clauses, clauseID) - slices.Index(b.Clauses, clauseID)
	})
	return found
}

// WhyOf returns why there is a clause, and ok false where there is no such clause.
func WhyOf(clauseID string) (w Why, ok bool) {
	whys := load().whys
	i := slices.IndexFunc(whys, func(w Why) bool { return slices.Contains(w.Clauses, clauseID) })
	if i < 0 {
		return Why{}, false
	}
	return whys[i], true
}

// Snippet is the right idiom in one language.
type Snippet struct {
	Language string // "Python" or "C++"
	Code     string
}

// Snippets returns the cause's snippets, first the one in the language in which
// most programs of the role are written: servers in Python, clients in C++.
func (c Cause) Snippets(role spec.Role) []Snippet {
	all := []Snippet{{"Python", c.Python}, {"C++", c.Cpp}}
	if role == spec.Client {
		slices.Reverse(all)
	}
	return slices.DeleteFunc(all, func(s Snippet) bool { return strings.TrimSpace(s.Code) == "" })
}
