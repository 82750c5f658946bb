package server

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/xferspec/xferspec/conformance"
	"github.com/xferspec/xferspec/conformance/report"
	"github.com/xferspec/xferspec/harness/peer"
)

// paceGap is the least time between two messages to a server that takes what it
// receives at once for one message.
const paceGap = 20 * time.Millisecond

// flaw is a root cause that would fail every case if nothing was done about it.
type flaw struct {
	caseID  string   // that finds it
	clause  string   // that it breaks
	usual   []string // clauses whose cases are driven as usual
	likely  []string // clauses whose failures are likely consequences of it
	note    string   // how the other cases are driven
	correct func(ctx context.Context, o *peer.Options)
}

// flaws are the root causes, in the order in which they are looked for.
func (e *env) flaws() []flaw {
	all := []flaw{
		{
			caseApart, "FRM-5", []string{"FRM-5", "FRM-16"},
			[]string{"FRM-5", "FRM-6", "FRM-12", "FRM-14", "FRM-16", "FRM-17", "ERR-3"},
			"it gets one message at a time, with a pause before the next, in all cases that are not about FRM-5",
			func(ctx context.Context, o *peer.Options) { o.Pace = pace(ctx) },
		},
		{
			caseSecond, "FRM-6", []string{"FRM-6", "FRM-16"},
			[]string{"FRM-4", "FRM-6", "FRM-12", "FRM-16", "ERR-3"},
			"every request goes over a new connection, in all cases that are not about FRM-6",
			func(_ context.Context, o *peer.Options) { o.Redial = true },
		},
	}
	if e.standIn != nil {
		all = append(all, flaw{
			caseFile, "CRC-1", []string{"CRC-1"}, []string{"CRC-1"},
			"what it receives is judged by " + e.standIn.name + ", which it computes instead, in all cases that are not about CRC-1",
			func(_ context.Context, o *peer.Options) { o.Checksum = e.standIn.sum },
		})
	}
	return all
}

// pace returns what separates two messages: a gap, and the answer to a request on
// another connection, which takes longer the busier the server is.
func pace(ctx context.Context) func() {
	gap := time.Duration(from(ctx).timeScale * float64(paceGap))
	var exchange func()
	return func() {
		if exchange == nil {
			if exchange = pause(ctx); exchange == nil {
				exchange = func() {}
			}
		}
		exchange()
		<-time.After(gap)
	}
}

// options are how the case that runs drives the target.
func (e *env) options(ctx context.Context) peer.Options {
	o := peer.Options{Edition: e.edition, Timeout: e.timeout, Watch: e.tapes.watch(e.ledger.Current(), e.edition)}
	for _, f := range e.flaws() {
		if e.ledger.Failed(f.caseID) && !slices.ContainsFunc(f.usual, conformance.CurrentTests) {
			f.correct(ctx, &o)
		}
	}
	return o
}

// explain notes in the report how the target was driven, and which failures are
// likely consequences of others.
func (e *env) explain(r *report.Report) {
	for _, f := range e.flaws() {
		if !e.ledger.Failed(f.caseID) {
			continue
		}
		r.Notes = append(r.Notes, fmt.Sprintf("because of %s (%s) %s", f.caseID, f.clause, f.note))
		for i := range r.Cases {
			c := &r.Cases[i]
			broken := c.Status == report.Failed || c.Status == report.Warned
			likely := slices.ContainsFunc(c.Clauses, func(id string) bool { return slices.Contains(f.likely, id) })
			if broken && likely && c.ID != f.caseID && c.ConsequenceOf == "" {
				c.ConsequenceOf = f.caseID
			}
		}
	}
}
