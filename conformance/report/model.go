// Package report holds the result of a run, the one model of which every view
// is made: the terminal, JSON, and whatever else reads a result.
package report

import (
	"cmp"
	"fmt"
	"strings"
	"time"
)

// Schema names the JSON form; fields are added to it, never changed.
const Schema = "xferspec-report/1"

// Verdict is the result of a run in one word.
type Verdict string

// The verdicts.
const (
	Conformant    Verdict = "conformant"
	NonConformant Verdict = "non-conformant"
	Incomplete    Verdict = "incomplete"
)

// Report is the result of a run.
type Report struct {
	Schema     string    `json:"schema"`
	Suite      Suite     `json:"suite"`
	Edition    string    `json:"edition"`
	Role       string    `json:"role"`
	Target     Target    `json:"target"`
	Strict     bool      `json:"strict"`          // a broken SHOULD counts like a broken MUST
	Shard      string    `json:"shard,omitempty"` // "I/N" where only every Nth case was run
	Verdict    Verdict   `json:"verdict"`
	Reason     string    `json:"reason,omitempty"` // why the run is incomplete
	Notes      []string  `json:"notes,omitempty"`  // how the target was driven, where that departs from the usual
	Started    time.Time `json:"started"`
	DurationMs int64     `json:"durationMs"`
	Counts     Counts    `json:"counts"`
	Cases      []Case    `json:"cases"`

	// Fault is a fault of the suite itself, such as a panic in a case.
	Fault string `json:"fault,omitempty"`

	// Digest is that of everything else in the JSON form, see WriteJSON.
	Digest string `json:"digest,omitempty"`
}

// Suite identifies the program and the requirements.
type Suite struct {
	Version   string `json:"version"`
	Catalogue string `json:"catalogue"`      // digest of the requirements and their cases
	Tool      string `json:"tool,omitempty"` // digest of the program's file, "sha256:…"

	// Requirements is the set of cases that the run was about: that of a release,
	// such as "1.0", or "next" for all.
	Requirements string `json:"requirements,omitempty"`
}

// nextRequirements is the set of all cases.
const nextRequirements = "next"

// requirementSet returns the name of the set that the run was about.
func (r *Report) requirementSet() string { return cmp.Or(r.Suite.Requirements, nextRequirements) }

// Target says what was tested.
type Target struct {
	Kind    string   `json:"kind"` // address, command or container
	Addr    string   `json:"addr,omitempty"`
	Dir     string   `json:"dir,omitempty"`
	Command []string `json:"command,omitempty"`
	Image   string   `json:"image,omitempty"`
	Build   string   `json:"build,omitempty"` // folder with the Dockerfile

	// Digest is that of the folder's content and of the files that the command
	// names, "sha256:…"; empty for an address or an image by its name.
	Digest string `json:"digest,omitempty"`
}

// String returns what the target is known by, in a few words.
func (t Target) String() string {
	command := strings.Join(t.Command, " ")
	switch {
	case t.Addr != "":
		return t.Addr
	case t.Image != "":
		return strings.TrimSpace("image " + t.Image + " " + command)
	case t.Build != "":
		return strings.TrimSpace("image built from " + t.Build + " " + command)
	}
	return command
}

// Counts has the number of cases by status; Planned is the sum of the others.
type Counts struct {
	Planned       int `json:"planned"`
	Passed        int `json:"passed"`
	Failed        int `json:"failed"`
	Warned        int `json:"warned"`
	KnownFailures int `json:"knownFailures"`
	NotApplicable int `json:"notApplicable"`
	NotRun        int `json:"notRun"`
}

// String names the statuses that there are cases of, such as "5 passed, 1 failed".
func (n Counts) String() string {
	var parts []string
	for _, status := range inOrder {
		if k := *n.of(status); k > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", k, status))
		}
	}
	return fmt.Sprintf("%d planned (%s)", n.Planned, strings.Join(parts, ", "))
}

// Judged is the number of cases that passed, failed, warned or are known to fail.
func (n Counts) Judged() int { return n.Passed + n.Failed + n.Warned + n.KnownFailures }

// Applicable is the number of cases that could have passed.
func (n Counts) Applicable() int { return n.Planned - n.NotApplicable }

// of returns where a status is counted.
func (n *Counts) of(status Status) *int {
	return map[Status]*int{
		Passed: &n.Passed, Failed: &n.Failed, Warned: &n.Warned, KnownFailure: &n.KnownFailures,
		NotApplicable: &n.NotApplicable, NotRun: &n.NotRun,
	}[status]
}

// Finish fills in counts and verdict from the cases.
func (r *Report) Finish() {
	r.Schema = Schema
	if r.Cases == nil {
		r.Cases = []Case{} // not null in JSON
	}
	r.Counts = count(r.Cases)
	r.Verdict = r.verdict()
}

func count(cases []Case) Counts {
	n := Counts{Planned: len(cases)}
	for _, c := range cases {
		*n.of(c.Status)++
	}
	return n
}

// verdict lets nothing pass for conformant that was not seen to be: a run in
// which no case was judged, or a planned one was not, is incomplete.
func (r *Report) verdict() Verdict {
	n := r.Counts
	switch {
	case n.Failed > 0 || r.Strict && n.Warned > 0:
		return NonConformant
	case n.Judged() == 0 || n.NotRun > 0 || r.Reason != "":
		return Incomplete
	default:
		return Conformant
	}
}

// Exit statuses of the program.
const (
	ExitConformant    = 0
	ExitNonConformant = 1
	ExitUsage         = 2
	ExitIncomplete    = 3
	ExitFault         = 4
)

// ExitStatus returns the exit status that the contract gives to the result.
func (r *Report) ExitStatus() int {
	if r.Fault != "" {
		return ExitFault
	}
	return r.Verdict.exitStatus()
}

func (v Verdict) exitStatus() int {
	return map[Verdict]int{
		Conformant: ExitConformant, NonConformant: ExitNonConformant, Incomplete: ExitIncomplete,
	}[v]
}

// outcome is the verdict for those who see nothing else: one that a fault of the
// suite left standing is not conformant.
func (r *Report) outcome() Verdict {
	if r.Fault != "" && r.Verdict == Conformant {
		return Incomplete
	}
	return r.Verdict
}
