package conformance

import (
	"fmt"

	"github.com/xferspec/xferspec/conformance/report"
	"github.com/xferspec/xferspec/harness/trace"
	"github.com/xferspec/xferspec/spec"
)

// Evidence keeps the conversations of cases in files of a folder that is there.
type Evidence struct {
	Folder  string
	All     bool // also of cases that found nothing
	Secrets bool // with the keys that the harness knows
	Edition *spec.Edition
}

// wants says whether the conversations of a case are to be kept.
func (e *Evidence) wants(status report.Status) bool {
	if e == nil {
		return false
	}
	switch status {
	case report.Failed, report.Warned:
		return true
	case report.Passed:
		return e.All
	}
	return false
}

// keep writes the conversations of a case into files that begin with its id. It
// says in the case where they are and, if it pointed out a spot, where in them
// that is.
func (e *Evidence) keep(c *report.Case, talks []*trace.Transcript, s *spot) error {
	if len(talks) == 0 {
		return nil
	}
	for _, t := range talks {
		t.Note = fmt.Sprintf("%s %s: %s", c.ID, c.Status, c.Title)
		if !e.Secrets {
			t.Secrets = nil
		}
	}
	if s != nil {
		c.Place = s.in(e.Edition, talks)
	}
	if c.Place != nil {
		t := talks[c.Place.Conn-1]
		t.Comments = append(t.Comments, trace.Comment{Dir: s.dir, Frame: c.Place.Frame, Offset: c.Place.Offset, Text: c.Message})
	}
	files, err := trace.Save(e.Folder, c.ID, talks)
	if err != nil {
		return fmt.Errorf("keep the conversations of %s: %w", c.ID, err)
	}
	c.Traces = files[len(files)-len(talks):]
	c.Trace = c.Traces[0]
	return nil
}
