// Package config reads the files by which a project says what xferspec is to
// test there: xferspec.yaml, and lists of known failures. Both are checked
// against the JSON Schema that ships with the program, and what is wrong in
// them is reported with its line and column.
package config

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/xferspec/xferspec/conformance/internal/limited"
	"github.com/xferspec/xferspec/conformance/report"
)

// Name is the file that `xferspec test` reads in the working directory.
const Name = "xferspec.yaml"

// File is what xferspec.yaml says.
type File struct {
	Edition       string         `yaml:"edition"`
	Requirements  Version        `yaml:"requirements"` // set of cases; "" for all
	Server        *Target        `yaml:"server"`
	Client        *Target        `yaml:"client"`
	KnownFailures []report.Known `yaml:"known-failures"`
}

// Version is one such as "1.0", which YAML takes for a number where it is not in quotes.
type Version string

// UnmarshalYAML reads it as it is written.
func (v *Version) UnmarshalYAML(text []byte) error {
	*v = Version(strings.Trim(strings.TrimSpace(string(text)), `"'`))
	return nil
}

// Target is an implementation under test, reached in one of four ways.
type Target struct {
	Dir   string   `yaml:"dir" json:"dir,omitempty"`     // folder with the implementation; goes with Run
	Run   []string `yaml:"run" json:"run,omitempty"`     // program and arguments
	Image string   `yaml:"image" json:"image,omitempty"` // container image
	Build string   `yaml:"build" json:"build,omitempty"` // folder with a Dockerfile
	Addr  string   `yaml:"addr" json:"addr,omitempty"`   // HOST:PORT of a running server

	// Compile are commands that make the program, run one after the other before
	// the tests, in the folder of the file.
	Compile [][]string `yaml:"compile" json:"-"`
}

// Read reads an xferspec.yaml. What is wrong with its content is an *Error.
func Read(path string) (*File, error) {
	var file File
	err := read(path, schemaURL, &file)
	return &file, err
}

// Parse reads the text of an xferspec.yaml, which the path names in errors.
// What is wrong with its content is an *Error.
func Parse(path string, text []byte) (*File, error) {
	var file File
	err := decode(path, schemaURL, text, &file)
	return &file, err
}

// JSONSchema returns the JSON Schema, draft 2020-12, of an xferspec.yaml.
func JSONSchema() ([]byte, error) { return schemas.ReadFile(schemaURL) }

// ReadKnownFailures reads a file that is a list of known failures, or an
// xferspec.yaml that has one. What is wrong with its content is an *Error.
func ReadKnownFailures(path string) ([]report.Known, error) {
	if filepath.Base(path) == Name {
		file, err := Read(path)
		return file.KnownFailures, err
	}
	var known []report.Known
	err := read(path, schemaURL+"#/$defs/known-failures", &known)
	return known, err
}

// read checks a YAML file against a schema, or a part of one, and decodes it.
func read(path, schema string, into any) error {
	text, err := load(path)
	if err != nil {
		return err
	}
	if err := checkPaths(path, text); err != nil {
		return err
	}
	return decode(path, schema, text, into)
}

// load reads the text of a YAML file.
func load(path string) ([]byte, error) {
	text, err := limited.ReadFile(path, limited.Setting)
	if errors.Is(err, limited.ErrTooLong) {
		return nil, &Error{Path: path, Line: 1, Column: 1, Reason: fmt.Sprintf("more than %d KiB", limited.Setting>>10)}
	}
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	return fromEditor(path, text)
}
