package server

import (
	"fmt"
	"slices"
	"time"

	"github.com/xferspec/xferspec/conformance"
	"github.com/xferspec/xferspec/conformance/report"
	"github.com/xferspec/xferspec/harness/peer"
)

// paceGap is how far apart messages are sent to a server that takes what it
// receives at once for one message.
const paceGap = 5 * time.Millisecond

// flaw is a root cause that would fail every case if nothing was done about it.
type flaw struct {
	caseID  string   // that finds it
	clause  string   // that it breaks; cases about it are driven as usual
	likely  []string // clauses whose failures are likely consequences of it
	note    string   // how the other cases are driven
	correct func(e *env, o *peer.Options)
}

var flaws = []flaw{
	{
		caseApart, "FRM-5", []string{"FRM-5", "FRM-6", "FRM-12", "FRM-14", "FRM-16", "FRM-17", "ERR-3"},
		fmt.Sprintf("it gets one message at a time, %s apart, in all cases that are not about FRM-5", paceGap),
		func(e *env, o *peer.Options) { o.Pace = time.Duration(e.timeScale * float64(paceGap)) },
	},
	{
		caseSecond, "FRM-6", []string{"FRM-4", "FRM-6", "FRM-12", "FRM-16", "ERR-3"},
		"every request goes over a new connection, in all cases that are not about FRM-6",
		func(_ *env, o *peer.Options) { o.Redial = true },
	},
}

// options are how the case that runs drives the target.
func (e *env) options() peer.Options {
	o := peer.Options{Edition: e.edition, Timeout: e.timeout}
	for _, f := range flaws {
		if e.ledger.Failed(f.caseID) && !conformance.CurrentTests(f.clause) && !conformance.CurrentTests("FRM-16") {
			f.correct(e, &o)
		}
	}
	return o
}

// explain notes in the report how the target was driven, and which failures are
// likely consequences of others.
func (e *env) explain(r *report.Report) {
	for _, f := range flaws {
		if !e.ledger.Failed(f.caseID) {
			continue
		}
		r.Notes = append(r.Notes, fmt.Sprintf("because of %s (%s) %s", f.caseID, f.clause, f.note))
		for i := range r.Cases {
			c := &r.Cases[i]
			broken := c.Status == report.Failed || c.Status == report.Warned
			if broken && c.ID != f.caseID && c.ConsequenceOf == "" && slices.Contains(f.likely, c.Clauses[0]) {
				c.ConsequenceOf = f.caseID
			}
		}
	}
}
