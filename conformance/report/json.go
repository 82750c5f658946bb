package report

import (
	"encoding/json"
	"fmt"
	"io"
)

// WriteJSON writes the report in the form that Schema names, and sets its
// Digest: the SHA-256 of the JSON object without "digest", its keys sorted,
// without white space. It shows that a report was changed by hand or damaged;
// a signature it is not.
func (r *Report) WriteJSON(w io.Writer) error {
	if err := r.seal(); err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	if err := writeJSON(w, r); err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	return nil
}

// writeJSON writes a value for people and programs alike.
func writeJSON(w io.Writer, v any) error {
	out := json.NewEncoder(w)
	out.SetIndent("", "  ")
	out.SetEscapeHTML(false)
	return out.Encode(v)
}
