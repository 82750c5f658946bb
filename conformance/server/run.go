package server

import (
	"context"
	"time"

	"github.com/xferspec/xferspec/conformance"
	"github.com/xferspec/xferspec/conformance/report"
	"github.com/xferspec/xferspec/harness/target"
	"github.com/xferspec/xferspec/spec"
)

// Config says what to test and how.
type Config struct {
	Edition   *spec.Edition
	Target    target.ServerConfig // Edition and Ready are filled in
	Plan      []conformance.Planned
	Strict    bool
	TimeScale float64               // stretches every time limit; 1 is normal
	Evidence  *conformance.Evidence // where conversations are kept; nil for none
	Stop      func() string         // why no further case is to be started; "" or nil if they are
	Done      func(report.Case)
}

// Run starts the target, runs the cases of the plan on it, and ends it. A
// target that does not start is no error: the report is incomplete and says
// why. Without a report, the error is an address, a command or a folder that
// cannot be used (*target.ConfigError); with one, it is a fault of the suite.
func Run(ctx context.Context, cfg Config) (*report.Report, error) {
	started := time.Now()
	e := newEnv(cfg.Edition, cfg.TimeScale)
	cfg.Target.Edition, cfg.Target.Ready = cfg.Edition, e.ready
	e.config = cfg.Target
	if cfg.Evidence != nil {
		e.tapes = &tapes{}
	}
	r := &report.Report{
		Edition: cfg.Edition.Name, Role: spec.Server.String(), Strict: cfg.Strict, Started: started,
		Target: report.Target{
			Kind: "command", Addr: cfg.Target.Addr, Dir: cfg.Target.Dir, Command: cfg.Target.Command,
			Image: cfg.Target.Image, Build: cfg.Target.Build,
		},
	}
	switch {
	case cfg.Target.Addr != "":
		r.Target.Kind = "address"
	case cfg.Target.Image != "" || cfg.Target.Build != "":
		r.Target.Kind = "container"
	}
	var err error
	if e.target, err = target.OpenServer(ctx, cfg.Target); err != nil {
		return nil, err
	}
	defer func() { _ = e.target.Close() }()
	r.Cases, err = e.run(ctx, cfg, r)
	e.explain(r)
	r.DurationMs = time.Since(started).Milliseconds()
	r.Finish()
	return r, err
}

func (e *env) run(ctx context.Context, cfg Config, r *report.Report) ([]report.Case, error) {
	e.proxied, e.started = r.Target.Kind == "container", time.Now()
	began := time.Now()
	if err := e.target.Start(ctx); err != nil {
		r.Reason = err.Error()
		if ctx.Err() != nil {
			r.Reason = "the run was interrupted before the server was ready"
		}
		return conformance.NotStarted(cfg.Plan, r.Reason), nil
	}
	e.startup = time.Since(began)
	return conformance.Execute(ctx, cfg.Plan, cfg.TimeScale, conformance.Hooks{
		Context: func(ctx context.Context) context.Context { return context.WithValue(ctx, envKey{}, e) },
		Before:  e.before,
		After: func(each context.Context) {
			if ctx.Err() == nil { // else the target is being ended
				e.after(each)
			}
		},
		Blame: func(caseID string) string { return e.blames[caseID] },
		Talks: e.tapes.of, Stop: cfg.Stop, Evidence: cfg.Evidence,
		Ended: func(c report.Case, silent bool) {
			e.ledger.Note(c.ID, c.Status)
			if !silent {
				cfg.Done(c)
			}
		},
	})
}
