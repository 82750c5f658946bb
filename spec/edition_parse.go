package spec

import (
	"fmt"
	"maps"
	"slices"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// editionFile is the schema of editions/*.yaml.
type editionFile struct {
	Name           string            `yaml:"name"`
	Version        uint8             `yaml:"version"`
	Requests       map[string]uint16 `yaml:"requests"`
	Responses      map[string]uint16 `yaml:"responses"`
	AESBits        int               `yaml:"aes-bits"`
	PacketFields   bool              `yaml:"packet-fields"`
	PacketContent  int               `yaml:"packet-content"`
	RepeatClientID bool              `yaml:"repeat-client-id"`
	EmptyThanks    bool              `yaml:"empty-thanks"`
	DefaultPort    uint16            `yaml:"default-port"`
	Database       string            `yaml:"database"`
	Levels         map[string]string `yaml:"levels"`
	Excludes       []exclusion       `yaml:"excludes"`
}

// exclusion names clauses that do not apply in an edition, and why.
type exclusion struct {
	Clauses []string `yaml:"clauses"`
	Reason  string   `yaml:"reason"`
}

// ParseEdition reads one edition from YAML. Unknown keys, unknown messages and
// values out of range are errors of type *EditionError that name line and column.
func ParseEdition(path string, text []byte) (*Edition, error) {
	tree, err := parser.ParseBytes(text, 0)
	if err != nil {
		return nil, yamlError(path, err)
	}
	p := editionParser{path: path}
	switch {
	case len(tree.Docs) == 0 || tree.Docs[0].Body == nil:
		return nil, p.errorAt(nil, "the file is empty")
	case len(tree.Docs) > 1:
		return nil, p.errorAt(tree.Docs[1].Start, "the file has a second YAML document")
	}
	p.root = tree.Docs[0].Body
	var plain plainOnly
	if ast.Walk(&plain, p.root); plain.fault != nil {
		return nil, p.errorAt(plain.fault.GetToken(), "only plain whole numbers, texts, lists and tables belong here")
	}
	if err := yaml.NodeToValue(p.root, &p.file, yaml.Strict()); err != nil {
		return nil, yamlError(path, err)
	}
	return p.edition()
}

type editionParser struct {
	path string
	root ast.Node
	file editionFile
}

// key returns the place of the last of the keys and indices that is there.
func (p *editionParser) key(steps ...any) *token.Token {
	at, _ := locate(p.root, steps...)
	return at
}

// value returns the place of the scalar under the keys and indices, or else of
// the last of them that is there.
func (p *editionParser) value(steps ...any) *token.Token {
	at, value := locate(p.root, steps...)
	if scalar, ok := value.(ast.ScalarNode); ok {
		return scalar.GetToken()
	}
	return at
}

// errorAt returns an error at a place of the file, nil standing for its beginning.
func (p *editionParser) errorAt(at *token.Token, format string, args ...any) error {
	fault := &EditionError{Path: p.path, Line: 1, Column: 1, Reason: fmt.Sprintf(format, args...)}
	if at != nil {
		fault.Line, fault.Column = at.Position.Line, at.Position.Column
	}
	return fault
}

func (p *editionParser) edition() (*Edition, error) {
	if err := p.checkRanges(); err != nil {
		return nil, err
	}
	f := &p.file
	e := &Edition{
		Name: f.Name, Version: f.Version, AESBits: f.AESBits,
		PacketFields: f.PacketFields, PacketContent: f.PacketContent,
		RepeatClientID: f.RepeatClientID, EmptyThanks: f.EmptyThanks,
		DefaultPort: f.DefaultPort, Database: f.Database,
		levels: map[string]Level{}, excluded: map[string]string{},
	}
	var err error
	if e.requests, err = p.codes(e, "requests", f.Requests, RequestTypes()); err != nil {
		return nil, err
	}
	if e.responses, err = p.codes(e, "responses", f.Responses, ResponseTypes()); err != nil {
		return nil, err
	}
	if e.Has(TypeLogin) != e.Has(TypeLoginAccepted) || e.Has(TypeLogin) != e.Has(TypeLoginRefused) {
		return nil, p.errorAt(p.key("requests"), "login, login-accepted and login-refused go together")
	}
	return e, p.clauses(e)
}

func (p *editionParser) checkRanges() error {
	f := &p.file
	checks := []struct {
		key    string
		ok     bool
		reason string
	}{
		{"name", f.Name != "", "name is missing"},
		{"version", f.Version != 0, "version is missing or 0"},
		{"aes-bits", f.AESBits == 128 || f.AESBits == 256, "aes-bits must be 128 or 256"},
		{"packet-content", f.PacketContent >= 0 && f.PacketContent%16 == 0, "packet-content must be a multiple of 16"},
		{"packet-content", f.PacketContent == 0 || f.PacketFields, "packet-content needs packet-fields: true"},
		{"default-port", f.DefaultPort != 0, "default-port is missing or 0"},
		{"database", f.Database != "", "database is missing"},
	}
	for _, check := range checks {
		if !check.ok {
			return p.errorAt(p.value(check.key), "%s", check.reason)
		}
	}
	return nil
}

// optional are the messages that an edition may lack.
var optional = []MessageType{TypeLogin, TypeLoginAccepted, TypeLoginRefused, TypeError}

// codes enters a table of codes into e and returns it turned round.
func (p *editionParser) codes(e *Edition, key string, table map[string]uint16, types []MessageType) (map[uint16]MessageType, error) {
	byName := map[string]MessageType{}
	for _, t := range types {
		byName[t.String()] = t
	}
	for _, name := range slices.Sorted(maps.Keys(table)) {
		if byName[name] == TypeUnknown {
			return nil, p.errorAt(p.key(key, name), "unknown message %q", name)
		}
	}
	byCode := map[uint16]MessageType{}
	for _, t := range types {
		code, ok := table[t.String()]
		switch {
		case !ok && slices.Contains(optional, t):
			continue
		case !ok || code == 0:
			return nil, p.errorAt(p.value(key, t.String()), "the code of %s is missing or 0", t)
		case byCode[code] != TypeUnknown:
			return nil, p.errorAt(p.value(key, t.String()), "%s and %s share the code %d", byCode[code], t, code)
		}
		byCode[code] = t
		e.codes[t] = code
	}
	return byCode, nil
}

// clauses enters what the edition says of single clauses.
func (p *editionParser) clauses(e *Edition) error {
	for _, id := range slices.Sorted(maps.Keys(p.file.Levels)) {
		if _, ok := LookupClause(id); !ok {
			return p.errorAt(p.key("levels", id), "unknown clause %q", id)
		}
		level, ok := levelNames[p.file.Levels[id]]
		if !ok {
			return p.errorAt(p.value("levels", id), "the level of %s is neither MUST nor SHOULD", id)
		}
		e.levels[id] = level
	}
	for i, x := range p.file.Excludes {
		if x.Reason == "" || len(x.Clauses) == 0 {
			return p.errorAt(p.key("excludes", i), "an exclusion needs clauses and a reason")
		}
		for j, id := range x.Clauses {
			at := p.value("excludes", i, "clauses", j)
			if _, ok := LookupClause(id); !ok {
				return p.errorAt(at, "unknown clause %q", id)
			}
			if _, ok := e.levels[id]; ok || e.excluded[id] != "" {
				return p.errorAt(at, "the clause %s has a level or an exclusion already", id)
			}
			e.excluded[id] = x.Reason
		}
	}
	return nil
}
