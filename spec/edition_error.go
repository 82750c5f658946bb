package spec

import (
	"errors"
	"fmt"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"
)

// EditionError is a fault in an edition's file.
type EditionError struct {
	Path         string
	Line, Column int // from 1; 1:1 where the fault is that something is missing
	Reason       string
}

// Error returns "path:line:column: reason".
func (e *EditionError) Error() string {
	return fmt.Sprintf("%s:%d:%d: %s", e.Path, e.Line, e.Column, e.Reason)
}

// yamlError turns an error of the YAML library, which speaks of Go's types,
// into one that speaks of the file.
func yamlError(path string, err error) error {
	fault := &EditionError{Path: path, Line: 1, Column: 1, Reason: err.Error()}
	var located yaml.Error
	if !errors.As(err, &located) {
		return fault
	}
	fault.Reason = located.GetMessage()
	at := located.GetToken()
	if at == nil {
		return fault
	}
	fault.Line, fault.Column = at.Position.Line, at.Position.Column
	var mistyped *yaml.TypeError
	var overflow *yaml.OverflowError
	switch {
	case errors.As(err, &mistyped):
		fault.Reason = fmt.Sprintf("a value of type %s belongs here", mistyped.DstType)
	case errors.As(err, &overflow):
		fault.Reason = fmt.Sprintf("%s does not fit into a %s", overflow.SrcNum, overflow.DstType)
	}
	return fault
}

// locate follows keys (string) and indices (int) down from node. It returns
// where the last key or item stands that is there, nil if none is, and the
// value if all of them are.
func locate(node ast.Node, steps ...any) (at *token.Token, value ast.Node) {
	for _, step := range steps {
		stepAt, next := child(node, step)
		if next == nil {
			return at, nil
		}
		at, node = stepAt, next
	}
	return at, node
}

// child takes one step of locate.
func child(node ast.Node, step any) (at *token.Token, value ast.Node) {
	switch node := node.(type) {
	case *ast.MappingNode:
		for _, entry := range node.Values {
			if at := entry.Key.GetToken(); at.Value == step {
				return at, entry.Value
			}
		}
	case *ast.SequenceNode:
		if i, ok := step.(int); ok && i < len(node.Values) {
			return firstToken(node.Values[i]), node.Values[i]
		}
	}
	return nil, nil
}

// firstToken returns where a node begins; the library gives the first colon for
// a mapping without braces.
func firstToken(node ast.Node) *token.Token {
	if m, ok := node.(*ast.MappingNode); ok && !m.IsFlowStyle && len(m.Values) > 0 {
		return m.Values[0].Key.GetToken()
	}
	return node.GetToken()
}

// plainOnly is a visitor that remembers the first node that is more than plain
// data: anchors, aliases and tags, which could hide what a file says, and
// fractions, which the library would round.
type plainOnly struct{ fault ast.Node }

// Visit looks at one node.
func (v *plainOnly) Visit(node ast.Node) ast.Visitor {
	switch node.(type) {
	case *ast.MappingNode, *ast.MappingValueNode, *ast.SequenceNode,
		*ast.StringNode, *ast.LiteralNode, *ast.IntegerNode, *ast.BoolNode, *ast.NullNode,
		*ast.CommentGroupNode, *ast.CommentNode:
		return v
	}
	if v.fault == nil {
		v.fault = node
	}
	return nil
}
