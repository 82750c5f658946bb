package client

import (
	"context"
	"errors"
	"time"

	"github.com/xferspec/xferspec/conformance"
	"github.com/xferspec/xferspec/conformance/report"
	"github.com/xferspec/xferspec/harness/target"
	"github.com/xferspec/xferspec/spec"
)

// Config says what to test and how.
type Config struct {
	Edition   *spec.Edition
	Target    target.ClientConfig // Timeout is filled in
	Plan      []conformance.Planned
	Strict    bool
	Jobs      int                   // clients that may run at a time
	TimeScale float64               // stretches every time limit; 1 is normal
	Evidence  *conformance.Evidence // where conversations are kept; nil for none
	Stop      func() string         // why no further case is to be started; "" or nil if they are
	Done      func(report.Case)
}

// Run runs the client under test in every scenario that a case of the plan
// looks at, and the cases. Without a report, the error is a command or a folder
// that cannot be used (*target.ConfigError), or a container engine that does not
// answer (*target.EngineError); with one, it is a fault of the suite.
func Run(ctx context.Context, cfg Config) (*report.Report, error) {
	r := &report.Report{
		Edition: cfg.Edition.Name, Role: spec.Client.String(), Strict: cfg.Strict, Started: time.Now(),
		Target: report.Target{
			Kind: "command", Dir: cfg.Target.Dir, Command: cfg.Target.Command,
			Image: cfg.Target.Image, Build: cfg.Target.Build,
		},
	}
	if cfg.Target.Image != "" || cfg.Target.Build != "" {
		r.Target.Kind = "container"
	}
	host, err := cfg.Target.ListenHost(ctx)
	if err != nil {
		return nil, err
	}
	r.Cases, err = runCases(ctx, cfg, host)
	if _, unusable := errors.AsType[*target.ConfigError](err); unusable {
		return nil, err
	}
	r.DurationMs = time.Since(r.Started).Milliseconds()
	r.Finish()
	return r, err
}

func runCases(ctx context.Context, cfg Config, host string) ([]report.Case, error) {
	e := newEnv(cfg, host)
	ctx, stop := context.WithCancel(ctx)
	defer e.close()
	defer stop()
	for _, p := range cfg.Plan {
		for _, name := range p.Scenarios {
			if p.NotApplicable == "" {
				e.start(ctx, scenarios[name])
			}
		}
	}
	cases, err := conformance.Execute(ctx, cfg.Plan, cfg.TimeScale, conformance.Hooks{
		Context: func(ctx context.Context) context.Context { return context.WithValue(ctx, envKey{}, e) },
		Before:  func(context.Context) { e.ledger.Begin() },
		After:   func(context.Context) {},
		Blame:   func(string) string { return "" },
		Talks:   e.talks, Stop: cfg.Stop, Evidence: cfg.Evidence,
		Ended: func(c report.Case, silent bool) {
			e.ledger.Note(c.ID, c.Status)
			e.failed[c.ID] = c.Status == report.Failed || c.Status == report.Warned
			if !silent {
				cfg.Done(c)
			}
		},
	})
	return cases, errors.Join(err, e.unusable())
}
