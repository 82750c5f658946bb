package fault

import (
	"encoding/hex"
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"github.com/xferspec/xferspec/harness/trace"
	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/wire"
)

// Error is what is wrong in the text of a plan.
type Error struct {
	Path         string
	Line, Column int // from 1
	Reason       string
}

// Error returns "path:line:column: reason".
func (e *Error) Error() string {
	return fmt.Sprintf("%s:%d:%d: %s", e.Path, e.Line, e.Column, e.Reason)
}

// errorAt returns an error at a place of the text.
func errorAt(path string, node ast.Node, reason string) *Error {
	switch n := node.(type) { // the library gives the first colon for a mapping without braces
	case *ast.MappingNode:
		if !n.IsFlowStyle && len(n.Values) > 0 {
			node = n.Values[0].Key
		}
	case *ast.MappingValueNode:
		node = n.Key
	}
	at := node.GetToken().Position
	return &Error{path, at.Line, at.Column, reason}
}

// reader reads nodes of a plan's text. Its first error sticks.
type reader struct {
	path string
	ed   *spec.Edition
	err  error // an *Error
}

func (p *reader) fail(node ast.Node, format string, args ...any) {
	if p.err == nil {
		p.err = errorAt(p.path, node, fmt.Sprintf(format, args...))
	}
}

// entries yields keys and values of a mapping.
func (p *reader) entries(node ast.Node, what string) iter.Seq2[ast.Node, ast.Node] {
	mapping, ok := node.(*ast.MappingNode)
	if !ok {
		p.fail(node, "%s is written as {key: value}", what)
		mapping = &ast.MappingNode{}
	}
	return func(yield func(ast.Node, ast.Node) bool) {
		for _, entry := range mapping.Values {
			if !yield(entry.Key, entry.Value) {
				return
			}
		}
	}
}

// table returns the values of a mapping by their keys, which are some of those
// named; nil if it is no such mapping.
func (p *reader) table(node ast.Node, what string, keys ...string) map[string]ast.Node {
	table := map[string]ast.Node{}
	for key, value := range p.entries(node, what) {
		name := p.text(key)
		if !slices.Contains(keys, name) {
			p.fail(key, "%s has no %q, only %s", what, name, strings.Join(keys, ", "))
		}
		table[name] = value
	}
	if p.err != nil {
		return nil
	}
	return table
}

// only returns the one value of an action, which is written with its name or without.
func (p *reader) only(node ast.Node, what, name string) ast.Node {
	if _, ok := node.(*ast.MappingNode); !ok {
		return node
	}
	table := p.table(node, what, name)
	if table[name] == nil {
		p.fail(node, "%s needs %s", what, name)
		return node
	}
	return table[name]
}

// text returns a scalar as it is written, without its quotes.
func (p *reader) text(node ast.Node) string {
	switch node.(type) {
	case *ast.StringNode, *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode:
		return node.GetToken().Value
	}
	p.fail(node, "a single plain value belongs here")
	return ""
}

func (p *reader) number(node ast.Node, least, most uint64) uint64 {
	n, err := strconv.ParseUint(p.text(node), 0, 64)
	if err != nil || n < least || n > most {
		p.fail(node, "%q is no whole number from %d to %d", p.text(node), least, most)
		return least
	}
	return n
}

func (p *reader) hex(node ast.Node) []byte {
	b, err := hex.DecodeString(p.text(node))
	if err != nil || len(b) == 0 {
		p.fail(node, "%.40q is not bytes in hexadecimal, two digits to a byte", p.text(node))
	}
	return b
}

// scope is where the fields are that a fault may name.
type scope struct {
	owner  string // who has them, for people
	fields []wire.Field
}

// scopeOf returns the fields that all frames have that a fault is about. The
// content of a file has no size there.
func scopeOf(ed *spec.Edition, f *Fault) scope {
	if f.Message != spec.TypeUnknown {
		size, _ := wire.PayloadSize(ed, f.Message)
		return scope{f.Message.String(), wire.Layout(ed, f.Message, size)}
	}
	fields := wire.HeaderLayout(f.To[0] == trace.ToServer)
	if len(f.To) == 2 { // the client id is in the header of requests alone
		fields = slices.DeleteFunc(fields, func(field wire.Field) bool { return field.Kind == wire.KindID })
	}
	return scope{"a header, where no message is named,", fields}
}

// field finds a field by its name; node is where the name or its absence is.
func (p *reader) field(node ast.Node, name string, s scope) (wire.Field, bool) {
	var names []string
	for _, field := range s.fields {
		if field.Name == name {
			return field, true
		}
		names = append(names, field.Name)
	}
	p.fail(node, "%s has no field %q, only %s", s.owner, name, strings.Join(names, ", "))
	return wire.Field{}, false
}
