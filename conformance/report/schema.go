package report

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"golang.org/x/text/language"
	"golang.org/x/text/message"
)

//go:embed *.schema.json
var schemas embed.FS

// schemaBase is the folder in the schemas' ids.
const schemaBase = "https://github.com/xferspec/xferspec/conformance/report/"

// JSONSchema returns the JSON Schema, draft 2020-12, of a "report" or a "matrix";
// ok is false for anything else.
func JSONSchema(of string) (text []byte, ok bool) {
	text, err := schemas.ReadFile(of + ".schema.json")
	return text, err == nil
}

var compiler = sync.OnceValues(func() (*jsonschema.Compiler, error) {
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	names, err := fs.Glob(schemas, "*")
	for _, name := range names {
		text, readErr := schemas.ReadFile(name)
		doc, parseErr := jsonschema.UnmarshalJSON(bytes.NewReader(text))
		err = errors.Join(err, readErr, parseErr, c.AddResource(schemaBase+name, doc))
	}
	return c, err
})

// compiling is held by whoever uses the compiler, which serves one at a time.
var compiling sync.Mutex

// compiled returns the schema of a "report" or a "matrix", ready for any number
// of readers at a time.
func compiled(of string) (*jsonschema.Schema, error) {
	compiling.Lock()
	defer compiling.Unlock()
	c, err := compiler()
	if err != nil {
		return nil, err
	}
	return c.Compile(schemaBase + of + ".schema.json")
}

// validate checks a text against the schema of a "report" or a "matrix", whose
// name is first in it. The error tells one fault of it.
func validate(text []byte, of, name string) error {
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		return err
	}
	fields, _ := doc.(map[string]any)
	if fields["schema"] != name {
		return fmt.Errorf("its schema is %v, not %s", fields["schema"], name)
	}
	schema, err := compiled(of)
	if err != nil {
		return fmt.Errorf("schemas: %w", err)
	}
	err = schema.Validate(doc)
	fault, ok := errors.AsType[*jsonschema.ValidationError](err)
	if !ok {
		return err
	}
	for len(fault.Causes) > 0 {
		fault = fault.Causes[0]
	}
	return fmt.Errorf("%s: %s", strings.Join(fault.InstanceLocation, "."), fault.ErrorKind.LocalizedString(message.NewPrinter(language.English)))
}
