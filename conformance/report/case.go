package report

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
)

// Status is what became of a case.
type Status string

// The statuses of a case.
const (
	Passed        Status = "passed"
	Failed        Status = "failed"         // a MUST was broken
	Warned        Status = "warned"         // a SHOULD was broken
	KnownFailure  Status = "known-failure"  // failed, as was said beforehand
	NotApplicable Status = "not-applicable" // to this target or edition
	NotRun        Status = "not-run"        // a prerequisite was missing, or the run ended before
)

// Case is one case and what became of it.
type Case struct {
	ID         string   `json:"id"`
	Title      string   `json:"title"`
	Group      string   `json:"group"`
	Clauses    []string `json:"clauses"`
	Level      string   `json:"level"` // MUST or SHOULD
	Status     Status   `json:"status"`
	DurationMs int64    `json:"durationMs"`
	Message    string   `json:"message,omitempty"` // of a failure: expected and actual
	Reason     string   `json:"reason,omitempty"`  // why not applicable or not run
	// ConsequenceOf is the case whose failure likely explains this one.
	ConsequenceOf string `json:"consequenceOf,omitempty"`
	// Traces are the files with the conversations, a connection each, in the
	// order in which they began; Trace is the first of them. A path that is not
	// absolute begins at the report's folder.
	Trace  string   `json:"trace,omitempty"`
	Traces []string `json:"traces,omitempty"`
	Place  *Place   `json:"place,omitempty"`  // where in the conversations it went wrong, if that is known
	Repeat string   `json:"repeat,omitempty"` // command that runs just this case
}

// Place is the first byte of a conversation that is not what it should be.
type Place struct {
	Conn      int    `json:"conn"`            // the conversation, from 1: its place in Traces
	Direction string `json:"direction"`       // ">" to the server, "<" to the client, as in the trace
	Frame     int    `json:"frame"`           // from 1, among those of the direction
	Field     string `json:"field,omitempty"` // of the frame, as 'xferspec decode' names it
	Offset    int    `json:"offset"`          // of the byte, in bytes from the frame's first; a frame that is too short ends there
}

// With returns the cases that have one of these statuses.
func (r *Report) With(statuses ...Status) []Case {
	return slices.DeleteFunc(slices.Clone(r.Cases), func(c Case) bool { return !slices.Contains(statuses, c.Status) })
}

// TakeTraces removes the paths of the traces from the report and returns them by
// the ids of their cases. What is known of the place of a fault stays.
func (r *Report) TakeTraces() map[string][]string {
	taken := map[string][]string{}
	for i := range r.Cases {
		c := &r.Cases[i]
		if paths := c.transcripts(); len(paths) > 0 {
			taken[c.ID] = paths
		}
		c.Trace, c.Traces = "", nil
	}
	return taken
}

// MoveTraces changes the paths of the traces, which begin at the folder from,
// so that they begin at the folder to.
func (r *Report) MoveTraces(from, to string) error {
	to, err := filepath.Abs(to)
	if err != nil {
		return fmt.Errorf("move the traces: %w", err)
	}
	move := func(path *string) {
		if *path == "" || filepath.IsAbs(*path) {
			return
		}
		whole, absErr := filepath.Abs(filepath.Join(from, *path))
		moved, relErr := filepath.Rel(to, whole)
		if err = errors.Join(err, absErr, relErr); err == nil {
			*path = moved
		}
	}
	for i := range r.Cases {
		c := &r.Cases[i]
		move(&c.Trace)
		for j := range c.Traces {
			move(&c.Traces[j])
		}
	}
	return err
}
