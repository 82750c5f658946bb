package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
)

// Read reads a report in its JSON form. A file of another schema is an error.
func Read(path string) (*Report, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read a report: %w", err)
	}
	var r Report
	if err := json.NewDecoder(bytes.NewReader(text)).Decode(&r); err != nil {
		return nil, fmt.Errorf("%s is no report: %w", path, err)
	}
	if r.Schema != Schema {
		return nil, fmt.Errorf("%s is no report: its schema is %q, not %q", path, r.Schema, Schema)
	}
	for _, c := range r.Cases {
		if !c.Status.known() {
			return nil, fmt.Errorf("%s: case %s has the unknown status %q", path, c.ID, c.Status)
		}
	}
	return &r, nil
}

func (s Status) known() bool {
	switch s {
	case Passed, Failed, Warned, KnownFailure, NotApplicable, NotRun:
		return true
	}
	return false
}
