package selftest

import (
	"encoding/json"
	"fmt"
	"io"

	"github.com/xferspec/xferspec/conformance/report"
)

// Schema names the JSON form of a Result; fields are added to it, never changed.
const Schema = "xferspec-selftest/1"

// Result is what the suite made of all mutants and variations.
type Result struct {
	Schema     string            `json:"schema"`
	Suite      report.Suite      `json:"suite"`
	Edition    string            `json:"edition"`
	Verdict    report.Verdict    `json:"verdict"`
	DurationMs int64             `json:"durationMs"`
	Counts     Counts            `json:"counts"`
	Faults     []string          `json:"faults"`  // what the gate refuses, a line each
	Partial    bool              `json:"partial"` // a part was selected: whether every MUST case kills was not asked
	Full       bool              `json:"full"`    // mutants were run on all cases, not on a sample of those about other clauses
	Mutants    []MutantResult    `json:"mutants"`
	Variations []VariationResult `json:"variations"`
	Cases      []CaseResult      `json:"cases"`
}

// Counts has the numbers of mutants and variations by what became of them.
type Counts struct {
	Mutants    int `json:"mutants"`
	Killed     int `json:"killed"`
	Survived   int `json:"survived"`
	Variations int `json:"variations"`
	Accused    int `json:"accused"`
	NotRun     int `json:"notRun"`    // mutants and variations on which the suite came to no verdict
	Unrelated  int `json:"unrelated"` // failed cases about other clauses, of all mutants
	Idle       int `json:"idle"`      // MUST cases that no mutant fails; 0 where a part was selected
}

// Outcome is what became of a mutant or a variation.
type Outcome string

// The outcomes.
const (
	Killed   Outcome = "killed"   // a mutant was found out, for every clause that it breaks
	Survived Outcome = "survived" // it was not
	Cleared  Outcome = "cleared"  // a variation was not accused
	Accused  Outcome = "accused"  // it was
	NotRun   Outcome = "not-run"  // the suite came to no verdict
)

// MutantResult is a mutant and the cases that failed or warned on it.
type MutantResult struct {
	ID      string   `json:"id"`
	Role    string   `json:"role"`
	Clauses []string `json:"clauses"`
	Often   string   `json:"often"`
	About   string   `json:"about"`
	Outcome Outcome  `json:"outcome"`
	Reason  string   `json:"reason,omitempty"` // why it was not run
	Alone   string   `json:"alone,omitempty"`  // why it was run on the cases about its clauses only
	Varies  bool     `json:"varies,omitempty"` // chance decides which cases find it out

	KilledBy     []string `json:"killedBy"`               // cases about its clauses
	Missed       []string `json:"missed,omitempty"`       // its clauses of which no case found it out
	Lost         []string `json:"lost,omitempty"`         // cases that found it out when the matrix was written, and do not now, in two runs
	Late         []string `json:"late,omitempty"`         // cases that found it out when the matrix was written, and now in a second run only
	Unrelated    []string `json:"unrelated,omitempty"`    // failed cases about other clauses
	Bound        int      `json:"bound"`                  // how many of these are put up with
	Why          string   `json:"why,omitempty"`          // why so many
	Consequences []string `json:"consequences,omitempty"` // cases that are said to have failed because of one of its clauses
	Warned       []string `json:"warned,omitempty"`       // cases about other clauses that only warn
	NotRun       int      `json:"notRun"`                 // cases that the suite gave up
	DurationMs   int64    `json:"durationMs"`
}

// VariationResult is a variation and the cases that accused it.
type VariationResult struct {
	ID         string   `json:"id"`
	Role       string   `json:"role"`
	About      string   `json:"about"`
	Departs    []string `json:"departs,omitempty"` // SHOULD clauses
	Outcome    Outcome  `json:"outcome"`
	Reason     string   `json:"reason,omitempty"`    // why it was not run
	AccusedBy  []string `json:"accusedBy,omitempty"` // cases that failed, or warned about another clause
	Warned     []string `json:"warned,omitempty"`    // about the clauses that it departs from
	DurationMs int64    `json:"durationMs"`
}

// CaseResult is a MUST case and the mutants that fail it.
type CaseResult struct {
	ID      string   `json:"id"`
	Role    string   `json:"role"`
	Clauses []string `json:"clauses"`
	Kills   []string `json:"kills"`
}

// ExitStatus returns the exit status that the contract gives to the result.
func (r *Result) ExitStatus() int {
	return map[report.Verdict]int{
		report.Conformant: report.ExitConformant, report.NonConformant: report.ExitNonConformant,
		report.Incomplete: report.ExitIncomplete,
	}[r.Verdict]
}

// WriteJSON writes the result in the form that Schema names.
func (r *Result) WriteJSON(w io.Writer) error {
	out := json.NewEncoder(w)
	out.SetIndent("", "  ")
	if err := out.Encode(r); err != nil {
		return fmt.Errorf("write the selftest: %w", err)
	}
	return nil
}
