package config

import (
	"bytes"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// fromEditor makes a text as an editor on Windows leaves it one like any other:
// without a byte order mark, and with LF at the end of its lines.
func fromEditor(path string, text []byte) ([]byte, error) {
	if bytes.HasPrefix(text, []byte{0xff, 0xfe}) || bytes.HasPrefix(text, []byte{0xfe, 0xff}) {
		return nil, &Error{Path: path, Line: 1, Column: 1, Reason: "the file is in UTF-16, as PowerShell writes it: save it as UTF-8"}
	}
	text = bytes.TrimPrefix(text, []byte("\xef\xbb\xbf"))
	return bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n")), nil
}

// paths are where the file has names of folders and programs.
var paths = []string{
	"$.server.dir", "$.server.build", "$.server.run[0]", "$.client.dir", "$.client.build", "$.client.run[0]",
}

// checkPaths refuses a path with a backslash between double quotes, where YAML
// takes it, with what follows, for another character.
func checkPaths(path string, text []byte) error {
	tree, err := parser.ParseBytes(text, 0)
	if err != nil {
		return nil //nolint:nilerr // who decodes the file says so
	}
	for _, p := range paths {
		at, err := yaml.PathString(p)
		if err != nil {
			return err
		}
		node, err := at.FilterFile(tree)
		if err != nil || node == nil || node.GetToken() == nil {
			continue // it is not there
		}
		if t := node.GetToken(); t.Type == token.DoubleQuoteType && strings.Contains(strings.ReplaceAll(t.Origin, `\\`, ""), `\`) {
			return &Error{path, t.Position.Line, t.Position.Column, `between double quotes a backslash means something else: write / or \\, or use single quotes`}
		}
	}
	return nil
}
