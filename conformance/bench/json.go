package bench

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"io"
)

// JSONSchema is the JSON Schema, draft 2020-12, of what WriteJSON writes.
//
//go:embed bench.schema.json
var JSONSchema []byte

// WriteJSON writes the result in the form that Schema names.
func (r *Result) WriteJSON(w io.Writer) error {
	out := json.NewEncoder(w)
	out.SetIndent("", "  ")
	out.SetEscapeHTML(false)
	if err := out.Encode(r); err != nil {
		return fmt.Errorf("write the result: %w", err)
	}
	return nil
}
