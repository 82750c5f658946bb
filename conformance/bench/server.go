package bench

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/xferspec/xferspec/conformance/report"
	"github.com/xferspec/xferspec/harness/target"
	"github.com/xferspec/xferspec/spec"
)

// answerTime is how long a server may take for an answer that needs no file.
const answerTime = 10 * time.Second

// ServerConfig says what to measure of a server, or of two.
type ServerConfig struct {
	Edition *spec.Edition
	Targets []target.ServerConfig // one or two; Edition and Ready are filled in
	Loads   []Load

	Duration time.Duration // how long a load lasts; every client sends at least one file
	Rounds   int           // if above 0, how many files every client sends instead
	Repeat   int           // how often each load is measured, of each target

	TimeScale float64           // stretches every time limit; 1 is normal
	Progress  func(text string) // is told what begins; nil if nobody wants to know
}

func (cfg *ServerConfig) answerTime() time.Duration {
	return time.Duration(cfg.TimeScale * float64(answerTime))
}

// UnusableError says that a target could not even make the acquaintance of one client.
type UnusableError struct {
	Target string
	Err    error
}

// Error returns one line.
func (e *UnusableError) Error() string { return fmt.Sprintf("%s: %v", e.Target, e.Err) }

// Unwrap returns what went wrong.
func (e *UnusableError) Unwrap() error { return e.Err }

// Server measures servers. That one cannot be started or does not take a client is
// an error: of target.OpenServer or its Start, or an *UnusableError. What goes wrong
// under load is in the result. Where a server ends, or ctx does, the result has the
// loads until then and says why there are no more.
func Server(ctx context.Context, cfg ServerConfig) (_ *Result, err error) {
	r := newResult(cfg.Edition, spec.Server)
	var sizes []int64
	for _, load := range cfg.Loads {
		sizes = append(sizes, load.Size)
	}
	contents := newContents(sizes)
	var all []*generator
	defer func() {
		for _, g := range all {
			err = errors.Join(err, g.server.Close())
		}
	}()
	for _, t := range cfg.Targets {
		r.Targets = append(r.Targets, serverOf(t))
		g, err := cfg.open(ctx, t, contents)
		if err != nil {
			return nil, err
		}
		all = append(all, g)
		if err := g.enrol(ctx, 1); err != nil {
			return nil, &UnusableError{serverOf(t).String(), err}
		}
	}
	r.measure(cfg.Loads, schedule{len(all), cfg.Repeat, spec.TypeFile.String(), cfg.Progress}, func(i int, load Load) (Sample, error) {
		s, err := all[i].run(ctx, load, limit{cfg.Duration, cfg.Rounds})
		if state, exited := all[i].server.Exited(); exited && err == nil {
			err = fmt.Errorf("the server ended with %s", state)
		}
		return s, err
	})
	for _, g := range all {
		r.Greetings = append(r.Greetings, g.greetings.latencies())
	}
	return r, nil
}

// open starts a server.
func (cfg *ServerConfig) open(ctx context.Context, t target.ServerConfig, contents map[int64]content) (*generator, error) {
	g, err := newGenerator(cfg, contents)
	if err != nil {
		return nil, err
	}
	t.Edition = cfg.Edition
	if t.Image != "" || t.Build != "" {
		t.Ready = g.answers
	}
	if g.server, err = target.OpenServer(ctx, t); err != nil {
		return nil, err
	}
	if err := g.server.Start(ctx); err != nil {
		return nil, errors.Join(err, g.server.Close())
	}
	return g, nil
}

// answers says whether a server answers a registration. In front of a container
// there is someone who takes connections before anyone listens behind him.
func (g *generator) answers(ctx context.Context, addr string) error {
	s := g.session(&user{name: fmt.Sprintf("ready-%s-%d", g.prefix, g.asked.Add(1))})
	if err := dial(ctx, addr, s); err != nil {
		return err
	}
	defer s.close()
	return s.register()
}

func serverOf(t target.ServerConfig) report.Target {
	out := report.Target{Kind: "command", Addr: t.Addr, Dir: t.Dir, Command: t.Command, Image: t.Image, Build: t.Build}
	switch {
	case t.Addr != "":
		out.Kind = "address"
	case t.Image != "" || t.Build != "":
		out.Kind = "container"
	}
	return out
}
