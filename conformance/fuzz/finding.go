package fuzz

import (
	"fmt"
	"strings"

	"github.com/xferspec/xferspec/harness/trace"
)

// Finding is what broke a clause.
type Finding struct {
	Clause   string   // its id
	Sent     string   // what the target was answering, in words; "" if it was nothing in particular
	Expected []string // every legal outcome
	Actual   string
	Weak     bool // nothing came in time, which a busy machine can cause too
}

// String returns the finding in one line.
func (f *Finding) String() string {
	return fmt.Sprintf("%s: expected %s, got %s", f.Clause, strings.Join(f.Expected, ", or "), f.Actual)
}

// Result is what came of playing a conversation.
type Result struct {
	Finding     *Finding // nil if all was legal
	Story       []string // what was said, a line for each step up to the finding
	Steps       int      // how many of the conversation's steps were played
	Requests    int      // that were sent, or for a client came
	Traits      []string // the situations that came about and how the target took them
	Transcripts []*trace.Transcript
}
