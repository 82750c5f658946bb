package grade

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/xferspec/xferspec/conformance/report"
)

// ResultSchema names the JSON form of a Result; fields are added to it, never changed.
const ResultSchema = "xferspec-grade/1"

// Outcome is what became of a submission.
type Outcome string

// The outcomes, the best first. Only the first is a pass.
const (
	Conformant    Outcome = "conformant"
	NonConformant Outcome = "non-conformant"
	Incomplete    Outcome = "incomplete" // some of it was not judged
	NotRun        Outcome = "not-run"    // none of it was
)

// Result is what became of one submission.
type Result struct {
	Schema     string                `json:"schema"`
	Name       string                `json:"name"`
	Digest     string                `json:"digest"`           // of the folder and of how it was run: the same need not run again
	Reason     string                `json:"reason,omitempty"` // why none of it was run
	Roles      map[string]RoleResult `json:"roles"`            // server, client
	Cases      []string              `json:"cases,omitempty"`  // the only ones that were run; nil for all
	Started    time.Time             `json:"started"`
	DurationMs int64                 `json:"durationMs"`
}

// RoleResult is what became of the server or the client of a submission.
type RoleResult struct {
	Outcome Outcome  `json:"outcome"`
	Reason  string   `json:"reason,omitempty"` // why not all of it was judged
	Limits  []string `json:"limits,omitempty"` // limits that it reached, a sentence each
	Report  bool     `json:"report"`           // there is a report, in a file called after the role
	Fault   bool     `json:"fault,omitempty"`  // the suite itself failed
}

// resultFile is the file in a submission's folder that says that it is complete.
const resultFile = "result.json"

// Graded is a result with its reports.
type Graded struct {
	Result
	Reports map[string]*report.Report // by role; nil where there is none
}

// Outcome returns that of the submission as a whole: nothing that was not seen
// to be right passes.
func (r *Result) Outcome(roles []string) Outcome {
	ran, whole, conformant := false, true, true
	for _, role := range roles {
		of, ok := r.Roles[role]
		switch {
		case !ok || of.Outcome == NotRun:
			whole = false
		case of.Outcome == Incomplete:
			ran, whole = true, false
		case of.Outcome == NonConformant:
			ran, conformant = true, false
		default:
			ran = true
		}
	}
	switch {
	case !ran:
		return NotRun
	case !whole:
		return Incomplete
	case !conformant:
		return NonConformant
	}
	return Conformant
}

// writeJSON writes a value for people and programs alike.
func writeJSON(w io.Writer, v any) error {
	out := json.NewEncoder(w)
	out.SetIndent("", "  ")
	out.SetEscapeHTML(false)
	return out.Encode(v)
}

// readResult reads the result in a folder with its reports. That there is none
// is an error that wraps fs.ErrNotExist.
func readResult(folder string) (*Graded, error) {
	text, err := os.ReadFile(filepath.Join(folder, resultFile))
	if err != nil {
		return nil, err
	}
	g := &Graded{Reports: map[string]*report.Report{}}
	if err := json.Unmarshal(text, &g.Result); err != nil {
		return nil, fmt.Errorf("%s is no result: %w", filepath.Join(folder, resultFile), err)
	}
	if g.Schema != ResultSchema {
		return nil, fmt.Errorf("%s has schema %q, want %q", filepath.Join(folder, resultFile), g.Schema, ResultSchema)
	}
	for role, of := range g.Roles {
		if !of.Report {
			continue
		}
		if g.Reports[role], err = report.Read(filepath.Join(folder, role+".json")); err != nil {
			return nil, err
		}
	}
	return g, nil
}

// complete makes a folder that is being written the result of its submission.
func complete(partial, folder string, r *Result) error {
	r.Schema = ResultSchema
	f, err := os.Create(filepath.Join(partial, resultFile))
	if err == nil {
		err = errors.Join(writeJSON(f, r), f.Sync(), f.Close())
	}
	if err != nil {
		return fmt.Errorf("write the result: %w", err)
	}
	if err := os.RemoveAll(folder); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return os.Rename(partial, folder)
}
