package vectors

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strconv"
	"strings"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

const (
	schemaSuffix = ".schema.json"
	schemaBase   = "xferspec:///" // where the schemas' references to each other resolve
)

// schemas are the compiled schemas by kind.
var schemas = sync.OnceValues(func() (map[string]*jsonschema.Schema, error) {
	compiler := jsonschema.NewCompiler()
	files, err := fs.Glob(embedded, "schema/*"+schemaSuffix)
	if err != nil {
		return nil, err
	}
	for _, file := range files {
		text, err := embedded.ReadFile(file)
		if err != nil {
			return nil, err
		}
		doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		if err := compiler.AddResource(schemaBase+path.Base(file), doc); err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
	}
	compiled := map[string]*jsonschema.Schema{}
	for _, k := range kinds() {
		if compiled[k.name], err = compiler.Compile(schemaBase + k.name + schemaSuffix); err != nil {
			return nil, fmt.Errorf("schema of %s: %w", k.name, err)
		}
	}
	return compiled, nil
})

// Validate checks a data file, named for the error alone, against the schema that
// its $schema names. What is wrong is a *FileError.
func Validate(name string, text []byte) error {
	_, err := new(Set).add(name, text)
	return err
}

// validate checks text, which is JSON, against the schema of a kind.
func validate(name, kind string, text []byte) error {
	compiled, err := schemas()
	if err != nil {
		return err
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		return &FileError{File: name, Reason: err.Error()}
	}
	var invalid *jsonschema.ValidationError
	if err := compiled[kind].Validate(doc); errors.As(err, &invalid) {
		for len(invalid.Causes) > 0 {
			invalid = invalid.Causes[0]
		}
		return errorAt(name, text, place(text, invalid.InstanceLocation), oneLine(invalid.Error()))
	} else if err != nil {
		return &FileError{File: name, Reason: err.Error()}
	}
	return nil
}

// oneLine keeps a reason readable that quotes a long value.
func oneLine(reason string) string {
	const most = 200
	reason = strings.Join(strings.Fields(reason), " ")
	if len(reason) > most {
		return reason[:most/2] + " … " + reason[len(reason)-most/2:]
	}
	return reason
}

// place returns the offset of the value that a path of member names and indexes
// leads to, or of the last one on the way that is there. text is JSON.
func place(text []byte, steps []string) int64 {
	decoder := json.NewDecoder(bytes.NewReader(text))
	at := valueStart(text, 0)
	for _, step := range steps {
		open, err := decoder.Token()
		if err != nil || !enter(decoder, open, step) {
			return at
		}
		at = valueStart(text, decoder.InputOffset())
	}
	return at
}

// enter moves the decoder, which is behind an opening bracket, before the member
// or element that step names.
func enter(decoder *json.Decoder, open json.Token, step string) bool {
	for i := 0; decoder.More(); i++ {
		key := strconv.Itoa(i)
		if open == json.Delim('{') {
			token, err := decoder.Token()
			if err != nil {
				return false
			}
			key, _ = token.(string)
		} else if open != json.Delim('[') {
			return false
		}
		if key == step {
			return true
		}
		var skipped json.RawMessage
		if decoder.Decode(&skipped) != nil {
			return false
		}
	}
	return false
}

// valueStart skips what stands between two values.
func valueStart(text []byte, offset int64) int64 {
	for offset < int64(len(text)) && strings.IndexByte(" \t\r\n:,", text[offset]) >= 0 {
		offset++
	}
	return offset
}
