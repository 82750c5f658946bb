package report

import (
	"encoding/json"
	"fmt"
	"io"
)

// WriteJSON writes the report in the form that Schema names.
func (r *Report) WriteJSON(w io.Writer) error {
	out := json.NewEncoder(w)
	out.SetIndent("", "  ")
	out.SetEscapeHTML(false)
	if err := out.Encode(r); err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	return nil
}
