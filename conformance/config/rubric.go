package config

import (
	_ "embed"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml/parser"

	"github.com/xferspec/xferspec/conformance/internal/limited"
	"github.com/xferspec/xferspec/spec"
)

// Rubric turns clauses into points.
type Rubric struct {
	Name  string       `yaml:"name" json:"name"`
	Parts []RubricPart `yaml:"parts" json:"parts"`
}

// RubricPart is a number of clauses that are worth points together.
type RubricPart struct {
	Name    string   `yaml:"name" json:"name"`
	Role    string   `yaml:"role" json:"role"`       // server or client
	Clauses []string `yaml:"clauses" json:"clauses"` // ids, and groups of which the MUST clauses are meant
	Points  float64  `yaml:"points" json:"points"`
	Rule    string   `yaml:"rule" json:"rule"` // "all": no points unless all hold; else the share of those that hold
}

// All is the rule by which a part is worth nothing as soon as one clause does not hold.
const All = "all"

// DefaultRubric is the text of the rubric that ships with the program.
//
//go:embed rubric.yaml
var DefaultRubric []byte

// ReadRubric reads a rubric; "" is the one that ships with the program. What is
// wrong with its content, such as a clause that is none, is an *Error.
func ReadRubric(path string) (*Rubric, error) {
	text := DefaultRubric
	if path == "" {
		path = "rubric.yaml"
	} else {
		var err error
		if text, err = load(path); err != nil {
			return nil, err
		}
	}
	var rubric Rubric
	if err := decode(path, "rubric.schema.json", text, &rubric); err != nil {
		return nil, err
	}
	for i, part := range rubric.Parts {
		for k, id := range part.Clauses {
			if reason := unsuitable(id, part.Role); reason != "" {
				return nil, at(path, text, reason, "parts", strconv.Itoa(i), "clauses", strconv.Itoa(k))
			}
		}
	}
	return &rubric, nil
}

// unsuitable says why an id in a rubric earns nobody points, "" if it may.
func unsuitable(id, role string) string {
	meant := map[string]spec.Role{"server": spec.Server, "client": spec.Client}[role]
	if _, isGroup := spec.GroupTitle(id); isGroup {
		if len(groupMembers(id, meant)) == 0 {
			return fmt.Sprintf("no MUST clause of the group %s binds a %s", id, role)
		}
		return ""
	}
	clause, ok := spec.LookupClause(id)
	switch {
	case !ok:
		return fmt.Sprintf("unknown clause or group %q: 'xferspec list --clauses' has them all", id)
	case clause.Withdrawn != "":
		return fmt.Sprintf("%s was withdrawn: %s", id, clause.Withdrawn)
	case !clause.Roles.Has(meant):
		return fmt.Sprintf("%s does not bind a %s", id, role)
	}
	return ""
}

// groupMembers returns the MUST clauses of a group that bind a role.
func groupMembers(group string, role spec.Role) []spec.Clause {
	return slices.DeleteFunc(spec.Clauses(), func(c spec.Clause) bool {
		return c.Group() != group || c.Level != spec.Must || c.Withdrawn != "" || !c.Roles.Has(role)
	})
}

// IDs returns the ids of the clauses of a part that apply in an edition, each once.
func (p RubricPart) IDs(ed *spec.Edition) []string {
	role := map[string]spec.Role{"server": spec.Server, "client": spec.Client}[p.Role]
	var ids []string
	add := func(id string) {
		if ed.Excludes(id) == "" && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	for _, id := range p.Clauses {
		if _, isGroup := spec.GroupTitle(id); !isGroup {
			add(id)
			continue
		}
		for _, c := range groupMembers(id, role) {
			if ed.Level(c) == spec.Must {
				add(c.ID)
			}
		}
	}
	return ids
}

// At returns an *Error about a value in a file that was read, or about what it is in.
func At(path, reason string, location ...string) error {
	text, err := limited.ReadFile(path, limited.Setting)
	if err != nil {
		return fmt.Errorf("read %s: %w", path, err)
	}
	if text, err = fromEditor(path, text); err != nil {
		return err
	}
	return at(path, text, reason, location...)
}

// at returns an *Error at the place of a value in a YAML text.
func at(path string, text []byte, reason string, location ...string) error {
	out := &Error{path, 1, 1, strings.Join(location, ".") + ": " + reason}
	if tree, err := parser.ParseBytes(text, 0); err == nil {
		out.place(tree, location)
	}
	return out
}
