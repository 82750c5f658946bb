package report

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/xferspec/xferspec/conformance/internal/limited"
)

// EditedError is a report that is not as the program has written it.
type EditedError struct {
	Path    string
	Reasons []string
}

// Error names the file and all that does not fit.
func (e *EditedError) Error() string {
	return fmt.Sprintf("%s was edited or damaged: %s", e.Path, strings.Join(e.Reasons, "; "))
}

// Read reads a report in its JSON form. What its JSON Schema refuses is an error;
// a report whose counts, verdict or digest do not come from its content is an
// *EditedError.
func Read(path string) (*Report, error) {
	text, err := limited.ReadFile(path, limited.Report)
	if err != nil {
		return nil, fmt.Errorf("read a report: %w", err)
	}
	return parse(path, text)
}

// parse reads the content of a file that has to be a report.
func parse(path string, text []byte) (*Report, error) {
	var r Report
	if err := decode(path, text, "report", Schema, &r); err != nil {
		return nil, err
	}
	reasons, err := r.disagreements(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if len(reasons) > 0 {
		return nil, &EditedError{path, reasons}
	}
	return &r, nil
}

// ReadMatrix reads a matrix in its JSON form. What its JSON Schema refuses is an error.
func ReadMatrix(path string) (*Matrix, error) {
	text, err := limited.ReadFile(path, limited.Report)
	if err != nil {
		return nil, fmt.Errorf("read a matrix: %w", err)
	}
	var m Matrix
	return &m, decode(path, text, "matrix", MatrixSchema, &m)
}

// decode decodes the content of a file that has to be a "report" or a "matrix".
func decode(path string, text []byte, of, schema string, into any) error {
	err := validate(text, of, schema)
	if err == nil {
		err = json.Unmarshal(text, into)
	}
	if err != nil {
		return fmt.Errorf("%s is no %s: %w", path, of, err)
	}
	return nil
}

// disagreements says in what a report is not what its JSON form adds up to.
func (r *Report) disagreements(text []byte) ([]string, error) {
	digest, err := contentDigest(text)
	if err != nil {
		return nil, err
	}
	again := *r
	again.Finish()
	var reasons []string
	if r.Counts != again.Counts {
		reasons = append(reasons, fmt.Sprintf("it counts %s, its cases are %s", r.Counts, again.Counts))
	}
	if r.Verdict != again.Verdict {
		reasons = append(reasons, fmt.Sprintf("its verdict is %s, its cases make it %s", r.Verdict, again.Verdict))
	}
	switch r.Digest {
	case digest:
	case "":
		reasons = append(reasons, "it has no digest")
	default:
		reasons = append(reasons, "its digest is not that of its content")
	}
	return reasons, nil
}
