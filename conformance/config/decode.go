package config

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strconv"
	"strings"
	"sync"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
	"golang.org/x/text/language"
	"golang.org/x/text/message"

	"github.com/xferspec/xferspec/harness/yamltext"
)

//go:embed *.schema.json
var schemas embed.FS

// Error is a fault in the content of a file.
type Error struct {
	Path         string
	Line, Column int // from 1
	Reason       string
}

// Error returns "path:line:column: reason".
func (e *Error) Error() string {
	return fmt.Sprintf("%s:%d:%d: %s", e.Path, e.Line, e.Column, e.Reason)
}

const schemaURL = "xferspec.schema.json"

var compiler = sync.OnceValues(func() (*jsonschema.Compiler, error) {
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	names, err := fs.Glob(schemas, "*")
	for _, name := range names {
		text, readErr := schemas.ReadFile(name)
		doc, parseErr := jsonschema.UnmarshalJSON(bytes.NewReader(text))
		err = errors.Join(err, readErr, parseErr, c.AddResource(name, doc))
	}
	return c, err
})

// compiling is held by whoever uses the compiler, which serves one at a time.
var compiling sync.Mutex

// compiled returns a schema, or a part of one, ready for any number of readers at
// a time.
func compiled(name string) (*jsonschema.Schema, error) {
	compiling.Lock()
	defer compiling.Unlock()
	c, err := compiler()
	if err != nil {
		return nil, fmt.Errorf("schemas: %w", err)
	}
	schema, err := c.Compile(name)
	if err != nil {
		return nil, fmt.Errorf("schema %s: %w", name, err)
	}
	return schema, nil
}

func decode(path, schemaName string, text []byte, into any) error {
	tree, err := yamltext.Parse(text)
	if fault, ok := errors.AsType[*yamltext.Error](err); ok {
		if strings.Contains(fault.Reason, "'\t'") {
			fault.Reason = "there is a tab: YAML is indented with spaces"
		}
		return &Error{path, fault.Line, fault.Column, fault.Reason}
	}
	if err != nil {
		return err
	}
	var value any
	if err := yaml.Unmarshal(text, &value); err != nil && !errors.Is(err, io.EOF) {
		return located(path, err)
	}
	schema, err := compiled(schemaName)
	if err != nil {
		return err
	}
	if err := schema.Validate(plain(value)); err != nil {
		return violation(path, tree, err)
	}
	if err := yaml.UnmarshalWithOptions(text, into, yaml.Strict()); err != nil {
		return located(path, err)
	}
	return nil
}

// plain makes numbers and maps what the schema library expects.
func plain(value any) any {
	switch v := value.(type) {
	case map[string]any:
		for key := range v {
			v[key] = plain(v[key])
		}
	case []any:
		for i := range v {
			v[i] = plain(v[i])
		}
	case uint64:
		return int64(v) //nolint:gosec // only its being a number matters
	}
	return value
}

// located takes the place out of an error of the YAML library.
func located(path string, err error) error {
	if at, ok := errors.AsType[yaml.Error](err); ok && at.GetToken() != nil {
		position := at.GetToken().Position
		return &Error{path, position.Line, position.Column, at.GetMessage()}
	}
	return &Error{path, 1, 1, err.Error()}
}

// violation finds the deepest cause of a schema error and its place in the file.
func violation(path string, tree *ast.File, err error) error {
	fault, ok := errors.AsType[*jsonschema.ValidationError](err)
	if !ok {
		return err
	}
	for len(fault.Causes) > 0 && plainWords(fault.ErrorKind) == "" {
		fault = fault.Causes[0]
	}
	reason := plainWords(fault.ErrorKind)
	if reason == "" {
		reason = fault.ErrorKind.LocalizedString(message.NewPrinter(language.English))
	}
	out := &Error{path, 1, 1, reason}
	place := fault.InstanceLocation
	if where := strings.Join(place, "."); where != "" {
		out.Reason = where + ": " + reason
	}
	out.place(tree, place)
	if extra, ok := fault.ErrorKind.(*kind.AdditionalProperties); ok {
		out.placeKey(tree, place, extra.Properties[0])
	}
	return out
}

// place finds the line and column of a JSON location, if it is there.
func (e *Error) place(tree *ast.File, location []string) {
	if path, err := yaml.PathString(yamlPath(location)); err == nil {
		if node, err := path.FilterFile(tree); err == nil && node != nil {
			position := start(node).GetToken().Position
			e.Line, e.Column = position.Line, position.Column
		}
	}
}

// placeKey finds the line and column of a key of what is at a JSON location.
func (e *Error) placeKey(tree *ast.File, location []string, key string) {
	path, err := yaml.PathString(yamlPath(location))
	if err != nil {
		return
	}
	node, err := path.FilterFile(tree)
	if mapping, ok := node.(*ast.MappingNode); ok && err == nil {
		for _, pair := range mapping.Values {
			if pair.Key.String() == key {
				position := pair.Key.GetToken().Position
				e.Line, e.Column = position.Line, position.Column
			}
		}
	}
}

// plainWords says what a combination of schemas means, which the library can
// only say in terms of schemas; "" for any other fault.
func plainWords(fault jsonschema.ErrorKind) string {
	switch fault := fault.(type) {
	case *kind.AnyOf:
		return "name a server or a client to test"
	case *kind.OneOf:
		return "say how to reach it by just one of run, image, build and addr"
	case *kind.Not:
		return "a client is run by xferspec, it cannot be reached by addr"
	case *kind.AdditionalProperties:
		return fmt.Sprintf("there is no key %q here: look for a slip, or an indentation too little or too much", fault.Properties[0])
	case *kind.Type:
		switch strings.Join(fault.Want, " ") {
		case "array":
			return "it has to be a list, [A, B]"
		case "object":
			return "it has to be made of keys with values, KEY: VALUE"
		}
	case *kind.Pattern:
		if strings.Contains(fault.Want, "SRV|CLT") {
			return fmt.Sprintf("%q is no id of a case, such as SRV-KEY-07", fault.Got)
		}
	}
	return ""
}

// start returns the node at which a mapping begins; its own place is that of a colon.
func start(node ast.Node) ast.Node {
	switch n := node.(type) {
	case *ast.MappingNode:
		if !n.IsFlowStyle && len(n.Values) > 0 {
			return n.Values[0].Key
		}
	case *ast.MappingValueNode:
		return n.Key
	}
	return node
}

// yamlPath writes a JSON location as the YAML library wants it: $.a.b[0].
func yamlPath(location []string) string {
	path := "$"
	for _, step := range location {
		if _, err := strconv.Atoi(step); err == nil {
			path += "[" + step + "]"
		} else {
			path += "." + step
		}
	}
	return path
}
