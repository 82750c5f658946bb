package vectors

import (
	"encoding/json"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"
)

// FileError is a fault in a data file.
type FileError struct {
	File         string
	Line, Column int    // from 1; 0 where the fault has no place of its own
	Reason       string // what is wrong, in one line
}

// Error returns "file:line:column: reason".
func (e *FileError) Error() string {
	if e.Line == 0 {
		return e.File + ": " + e.Reason
	}
	return fmt.Sprintf("%s:%d:%d: %s", e.File, e.Line, e.Column, e.Reason)
}

// errorAt returns an error at the place of a byte of text.
func errorAt(file string, text []byte, offset int64, reason string) *FileError {
	before := string(text[:min(max(offset, 0), int64(len(text)))])
	line := strings.Count(before, "\n") + 1
	column := len(before) - strings.LastIndex(before, "\n")
	return &FileError{file, line, column, reason}
}

// kind is one kind of vectors, named like its schema.
type kind struct {
	name string
	add  func(s *Set, text []byte) (ids []string, err error)
}

// kinds returns all kinds; a file of each is read the same way.
func kinds() []kind {
	return []kind{
		{"message", into(func(s *Set) *[]Message { return &s.Messages })},
		{"negative", into(func(s *Set) *[]Negative { return &s.Negatives })},
		{"conversation", into(func(s *Set) *[]Conversation { return &s.Conversations })},
		{"cksum", into(func(s *Set) *[]Cksum { return &s.Cksums })},
		{"public-key", into(func(s *Set) *[]PublicKey { return &s.PublicKeys })},
		{"unwrap", into(func(s *Set) *[]Unwrap { return &s.Unwraps })},
		{"cbc", into(func(s *Set) *[]CBC { return &s.CBCs })},
		{"state", into(func(s *Set) *[]State { return &s.States })},
	}
}

// headed is a pointer to a vector type: each embeds Head.
type headed[T any] interface {
	*T
	head() *Head
}

func into[T any, P headed[T]](list func(*Set) *[]T) func(*Set, []byte) ([]string, error) {
	return func(s *Set, text []byte) ([]string, error) {
		var file File[T]
		if err := json.Unmarshal(text, &file); err != nil {
			return nil, err
		}
		var ids []string
		for i := range file.Vectors {
			ids = append(ids, P(&file.Vectors[i]).head().ID)
		}
		all := list(s)
		*all = append(*all, file.Vectors...)
		return ids, nil
	}
}

// add reads a data file, checks it against its schema, and adds its vectors.
func (s *Set) add(name string, text []byte) ([]string, error) {
	var form struct {
		Schema string `json:"$schema"`
	}
	if err := json.Unmarshal(text, &form); err != nil {
		return nil, jsonError(name, text, err)
	}
	kind, err := kindOf(name, form.Schema)
	if err != nil {
		return nil, err
	}
	if err := validate(name, kind.name, text); err != nil {
		return nil, err
	}
	ids, err := kind.add(s, text)
	if err != nil {
		return nil, jsonError(name, text, err)
	}
	return ids, nil
}

func kindOf(file, schema string) (kind, error) {
	var names []string
	for _, k := range kinds() {
		names = append(names, k.name+schemaSuffix)
	}
	i := slices.Index(names, path.Base(schema))
	if i < 0 {
		return kind{}, &FileError{File: file, Reason: fmt.Sprintf("no file of vectors: its $schema is %q and must name one of %s", schema, strings.Join(names, ", "))}
	}
	return kinds()[i], nil
}

// jsonError gives an error of encoding/json its place.
func jsonError(file string, text []byte, err error) error {
	var syntax *json.SyntaxError
	var value *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		return errorAt(file, text, syntax.Offset-1, "not JSON: "+syntax.Error())
	case errors.As(err, &value):
		return errorAt(file, text, value.Offset-1, fmt.Sprintf("a JSON %s cannot stand here", value.Value))
	}
	return &FileError{File: file, Reason: err.Error()}
}
