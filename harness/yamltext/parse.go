// Package yamltext parses YAML that a stranger may have written: no text of a
// given length makes it take more than a multiple of that length.
package yamltext

import (
	"errors"
	"fmt"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// Bounds of a text.
const (
	MaxSize = 1 << 20 // bytes

	maxDepth  = 64      // of lists and mappings in each other
	maxValues = 100_000 // when every alias is replaced by what it stands for
)

// Error is what is wrong in a text.
type Error struct {
	Line, Column int // from 1
	Reason       string
}

// Error returns "line:column: reason".
func (e *Error) Error() string { return fmt.Sprintf("%d:%d: %s", e.Line, e.Column, e.Reason) }

// Parse parses a text. The error is an *Error.
func Parse(text []byte) (*ast.File, error) {
	if len(text) > MaxSize {
		return nil, &Error{1, 1, fmt.Sprintf("more than %d KiB", MaxSize>>10)}
	}
	tokens := lexer.Tokenize(string(text))
	if at := tooDeep(tokens); at != nil {
		return nil, errorAt(at, fmt.Sprintf("more than %d lists and mappings in each other", maxDepth))
	}
	file, err := parser.Parse(tokens, 0)
	if err != nil {
		return nil, located(err)
	}
	e := expansion{anchors: map[string]int{}}
	for _, doc := range file.Docs {
		if e.values(doc.Body); e.tooMany != nil {
			return nil, errorAt(e.tooMany.GetToken(), fmt.Sprintf("with this alias there are more than %d values", maxValues))
		}
	}
	return file, nil
}

// located takes the place out of an error of the YAML library.
func located(err error) *Error {
	if at, ok := errors.AsType[yaml.Error](err); ok && at.GetToken() != nil {
		return errorAt(at.GetToken(), at.GetMessage())
	}
	return &Error{1, 1, err.Error()}
}

func errorAt(at *token.Token, reason string) *Error {
	return &Error{at.Position.Line, at.Position.Column, reason}
}

// tooDeep returns the first token that is too deep, nil if none is. The parser
// calls itself for each level, and a program cannot recover from a full stack.
func tooDeep(tokens token.Tokens) *token.Token {
	flow, run, line := 0, 0, 0
	block := map[int]bool{} // columns at which something begins that goes on
	for _, t := range tokens {
		column := t.Position.Column
		if t.Position.Line != line {
			line = t.Position.Line
			for begun := range block {
				if begun > column {
					delete(block, begun)
				}
			}
		}
		switch t.Type {
		case token.SequenceStartType, token.MappingStartType:
			flow++
		case token.SequenceEndType, token.MappingEndType:
			flow--
		case token.SequenceEntryType, token.MappingKeyType, token.MappingValueType:
			run++
			if flow == 0 {
				block[column] = true
			}
		default:
			run = 0
		}
		if flow+max(run, len(block)) > maxDepth {
			return t
		}
	}
	return nil
}

// expansion counts values as if aliases were replaced.
type expansion struct {
	anchors map[string]int // values that a name stands for
	total   int
	tooMany ast.Node
}

// values returns how many values a node is.
func (e *expansion) values(node ast.Node) int {
	before := e.total
	e.total++
	switch n := node.(type) {
	case *ast.MappingNode:
		for _, entry := range n.Values {
			e.values(entry)
		}
	case *ast.MappingValueNode:
		e.values(n.Key)
		e.values(n.Value)
	case *ast.SequenceNode:
		for _, value := range n.Values {
			e.values(value)
		}
	case *ast.TagNode:
		e.values(n.Value)
	case *ast.AnchorNode:
		e.anchors[n.Name.String()] = e.values(n.Value)
	case *ast.AliasNode:
		e.total += e.anchors[n.Value.String()]
	default:
	}
	if e.total > maxValues && e.tooMany == nil {
		e.tooMany = node
	}
	return e.total - before
}
