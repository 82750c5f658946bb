package report

import (
	"fmt"
	"time"
)

// Known is a case that is expected to fail for a while.
type Known struct {
	Case   string `yaml:"case"`
	Reason string `yaml:"reason"`
	Until  string `yaml:"until"` // last day on which it may fail, as 2027-03-01
}

// Excuse makes known failures of the cases that failed as was said beforehand.
// An entry whose case passed or whose date is past is a failure by itself,
// whatever the case's level, so that the list stays honest. A case that was not
// run, or does not apply, is left as it is: a missing prerequisite is never excused.
func (r *Report) Excuse(known []Known, today time.Time) {
	day := today.Format(time.DateOnly)
	for _, k := range known {
		for i := range r.Cases {
			if c := &r.Cases[i]; c.ID == k.Case {
				c.excuse(k, day)
			}
		}
	}
	r.Finish()
}

func (c *Case) excuse(k Known, day string) {
	switch c.Status {
	case Passed:
		c.Status = Failed
		c.Message = fmt.Sprintf("listed as a known failure (%s), but it passes: take it off the list", k.Reason)
	case Failed, Warned:
		if day > k.Until {
			c.Status = Failed
			c.Message = fmt.Sprintf("listed as a known failure (%s) until %s, which is past\n%s", k.Reason, k.Until, c.Message)
			return
		}
		c.Status, c.Reason = KnownFailure, k.Reason
	}
}
