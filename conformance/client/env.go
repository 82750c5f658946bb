package client

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"
	"time"

	"github.com/onsi/ginkgo/v2"

	"github.com/xferspec/xferspec/conformance"
	"github.com/xferspec/xferspec/harness/target"
	"github.com/xferspec/xferspec/harness/trace"
	"github.com/xferspec/xferspec/spec"
)

// How long one run of the client may take: not normative.
const (
	runTime    = 30 * time.Second // enough for a client that waits patiently between its attempts
	silentTime = 40 * time.Second // how much patience with a silent server is taken for bounded (RTY-8)

	bytesPerSecond = 1 << 20 // of the file, which an interpreted client encrypts that slowly
)

// env is what the cases of one run of the suite share.
type env struct {
	edition *spec.Edition
	config  target.ClientConfig
	host    string // address on which the harness listens for the client
	prefix  string // makes the names of this run differ from those of others
	names   atomic.Int64
	scale   float64 // of every time limit
	ledger  conformance.Ledger
	failed  map[string]bool   // cases that a MUST or a SHOULD was broken in
	looked  map[string][]*run // the runs that a case has looked at
	records bool              // conversations are recorded

	slots chan struct{}         // one for every client that may run at a time
	runs  map[*scenario]*future // complete before the first case runs
}

// future is a run that is being made, or was.
type future struct {
	done chan struct{}
	run  *run
}

func newEnv(cfg Config, host string) *env {
	var prefix [4]byte
	_, _ = rand.Read(prefix[:]) // never fails
	return &env{
		edition: cfg.Edition, config: cfg.Target, host: host, prefix: hex.EncodeToString(prefix[:]), scale: cfg.TimeScale,
		failed: map[string]bool{}, looked: map[string][]*run{}, records: cfg.Evidence != nil,
		slots: make(chan struct{}, max(cfg.Jobs, 1)), runs: map[*scenario]*future{},
	}
}

func (e *env) newName() string { return fmt.Sprintf("Client %s %d", e.prefix, e.names.Add(1)) }

// contained says whether the client runs in a container.
func (e *env) contained() bool { return e.config.Image != "" || e.config.Build != "" }

type envKey struct{}

func from(ctx context.Context) *env {
	e, ok := ctx.Value(envKey{}).(*env)
	if !ok {
		panic("client: a case runs outside of Run")
	}
	return e
}

// start makes the run of a scenario, and of the one that it comes after, unless
// they have been started before. Runs end with ctx.
func (e *env) start(ctx context.Context, s *scenario) *future {
	if f, ok := e.runs[s]; ok {
		return f
	}
	var before *future
	if s.after != nil {
		before = e.start(ctx, s.after)
	}
	var easier *future
	if s != fresh {
		easier = e.start(ctx, cmp.Or(s.easier, fresh))
	}
	f := &future{done: make(chan struct{})}
	e.runs[s] = f
	go func() {
		defer close(f.done)
		f.run = e.makeRun(ctx, s, before, easier)
	}()
	return f
}

// errHangs is why no more runs are made of a client that does not end: each
// would take the whole of its time.
var errHangs = errors.New("the client had to be killed when all went well (that is " + caseSuccess + ") or in a run that asked less of it, and was not run again")

func (e *env) makeRun(ctx context.Context, s *scenario, before, easier *future) *run {
	if easier != nil {
		<-easier.done
		switch {
		case easier.run.err != nil:
			return &run{err: easier.run.err}
		case easier.run.TimedOut:
			return &run{err: errHangs}
		}
	}
	var first *run
	if before != nil {
		<-before.done
		if first = before.run; first.err != nil {
			return &run{err: first.err}
		}
	}
	if !s.silent { // else it takes nothing but time
		e.slots <- struct{}{}
		defer func() { <-e.slots }()
	}
	if err := ctx.Err(); err != nil {
		return &run{err: err} // hundreds would be started only to be ended
	}
	return e.play(ctx, s, first)
}

// limit returns how long the run of a scenario may take that sends size bytes.
func (e *env) limit(s *scenario, size int) time.Duration {
	limit := runTime + time.Duration(size)*time.Second/bytesPerSecond
	if s.silent {
		limit = silentTime
	}
	return time.Duration(e.scale * float64(limit))
}

// unusable returns why the client cannot be run at all: the *target.ConfigError
// of a run, or nil. It waits for no run: those that nobody awaits any more were
// interrupted.
func (e *env) unusable() error {
	for _, f := range e.runs {
		select {
		case <-f.done:
			if wrong, ok := errors.AsType[*target.ConfigError](f.run.err); ok {
				return wrong
			}
		default:
		}
	}
	return nil
}

// close ends what still runs and removes the folders. The context that the
// runs were started with must have ended.
func (e *env) close() {
	for _, f := range e.runs {
		<-f.done
		if f.run.Run != nil {
			_ = f.run.Close()
		}
		if f.run.server != nil {
			_ = f.run.server.Close()
		}
	}
}

// look notes that the case that is running looks at a run.
func (e *env) look(r *run) {
	current := e.ledger.Current()
	if !slices.Contains(e.looked[current], r) {
		e.looked[current] = append(e.looked[current], r)
	}
}

// talks returns the conversations of the runs that a case has looked at.
func (e *env) talks(caseID string) []*trace.Transcript {
	var all []*trace.Transcript
	for _, r := range e.looked[caseID] {
		all = append(all, r.seen.Transcripts...)
	}
	return all
}

// await returns the run of a scenario when it is over. Without the basics that
// the scenario needs the case is not run.
func (s *scenario) await(ctx context.Context) *run {
	ginkgo.GinkgoHelper()
	f, ok := from(ctx).runs[s]
	if !ok {
		panic("client: a case looks at scenario " + s.name + " but does not say so in its labels")
	}
	select {
	case <-f.done:
	case <-ctx.Done():
		conformance.NotRun("interrupted while the client ran")
	}
	switch err := f.run.err; {
	case errors.Is(err, target.ErrNameTooLong):
		conformance.NotApplicable(err.Error())
	case err != nil:
		conformance.NotRun(err.Error())
	}
	from(ctx).look(f.run)
	build(ctx, upTo(s.needs)...)
	return f.run
}
