package conformance

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/onsi/ginkgo/v2"
	"github.com/onsi/ginkgo/v2/types"
	"github.com/onsi/gomega"
	"github.com/onsi/gomega/format"

	"github.com/xferspec/xferspec/conformance/report"
	"github.com/xferspec/xferspec/harness/trace"
	"github.com/xferspec/xferspec/spec"
)

// caseTimeout ends a case that its own deadlines did not end: a fault of the
// suite, kept from hanging. It is scaled with all other times.
const caseTimeout = 2 * time.Minute

// Hooks are what a role adds to the run of its cases.
type Hooks struct {
	// Context returns the context under which every case runs.
	Context func(ctx context.Context) context.Context
	// Before and After run around every case, under its context; they may end
	// the case by a failed expectation or by NotRun.
	Before, After func(ctx context.Context)
	// Blame returns what breaks a MUST besides the case's own clauses, such as
	// that the target died of it, even if that came to light after the case; or "".
	Blame func(caseID string) string
	// Talks returns the conversations of a case that has just ended, or of one
	// that is blamed later; nil if they are not recorded.
	Talks func(caseID string) []*trace.Transcript
	// Stop returns why no further case is to be started; "" or nil if they are.
	Stop func() string
	// Evidence keeps them; nil if nobody asked for it.
	Evidence *Evidence
	// Ended is told every case as soon as it ended; silent ones are not in the
	// report.
	Ended func(c report.Case, silent bool)
}

// Execute runs the cases of a plan one after the other and returns them with their
// outcome, in the plan's order. It can be called once in a process, after
// ReadCatalogue. What fails after ctx is over was not run, since everything ends
// then. The error is a fault of the suite itself.
func Execute(ctx context.Context, plan []Planned, timeScale float64, hooks Hooks) ([]report.Case, error) {
	silenceGinkgo()
	format.MaxLength = 0
	gomega.RegisterFailHandler(ginkgo.Fail)
	collected := collector{ctx: ctx, plan: plan, hooks: hooks, outcome: map[string]types.SpecReport{}, ended: map[string]report.Case{}, interrupted: map[string]bool{}}
	if filter := labelFilter(plan); filter != "" {
		collected.registerNodes()
		config := runOrder()
		config.LabelFilter = filter
		config.Timeout = time.Duration(timeScale * float64(len(plan)) * float64(caseTimeout))
		_, reporter := ginkgo.GinkgoConfiguration()
		around := ginkgo.AroundNode(hooks.Context)
		ginkgo.RunSpecs(&collected, "xferspec", config, reporter, around)
	}
	return collected.cases(), collected.fault()
}

// collector gathers Ginkgo's reports; it is also what RunSpecs takes for a *testing.T.
type collector struct {
	ctx         context.Context //nolint:containedctx // Ginkgo calls without
	plan        []Planned
	hooks       Hooks
	outcome     map[string]types.SpecReport // by case id
	ended       map[string]report.Case      // likewise, as it was when it ended
	interrupted map[string]bool             // likewise: the run was over when it ended
	faults      []error
	stopped     bool // no further case is started
}

// Fail is called by Ginkgo when a case failed; the verdict is made elsewhere.
func (c *collector) Fail() {}

func (c *collector) registerNodes() {
	ginkgo.BeforeEach(func(ctx ginkgo.SpecContext) {
		if c.hooks.Stop != nil {
			if reason := c.hooks.Stop(); reason != "" {
				c.stopped = true
				NotRun(reason)
			}
		}
		c.hooks.Before(ctx)
	})
	ginkgo.AfterEach(func(ctx ginkgo.SpecContext) {
		if !c.stopped {
			c.hooks.After(ctx)
		}
	})
	ginkgo.ReportAfterEach(func(r ginkgo.SpecReport) {
		for _, p := range c.plan {
			if p.NotApplicable == "" && slices.Contains(r.LeafNodeLabels, p.ID) {
				c.outcome[p.ID] = r
				c.interrupted[p.ID] = c.ctx.Err() != nil || r.State.Is(types.SpecStateInterrupted|types.SpecStateAborted)
				c.ended[p.ID] = c.result(p)
				c.hooks.Ended(c.ended[p.ID], p.Silent)
			}
		}
	})
}

func (c *collector) cases() []report.Case {
	var cases []report.Case
	for _, p := range c.plan {
		if !p.Silent {
			cases = append(cases, c.result(p))
		}
	}
	return cases
}

// fault returns what went wrong in the suite itself.
func (c *collector) fault() error {
	faults := c.faults
	for _, p := range c.plan {
		r, ran := c.outcome[p.ID]
		if ran && !r.State.Is(expectedStates) {
			faults = append(faults, fmt.Errorf("fault of the suite in case %s: %s %s %s at %s",
				p.ID, r.State, r.Failure.Message, r.Failure.ForwardedPanic, r.Failure.Location))
		}
	}
	return errors.Join(faults...)
}

// expectedStates are how a case may end; anything else is a fault of the suite.
const expectedStates = types.SpecStatePassed | types.SpecStateFailed | types.SpecStateSkipped |
	types.SpecStateInterrupted | types.SpecStateAborted

// result makes a case's result of what Ginkgo reported.
func (c *collector) result(p Planned) report.Case {
	r, ran := c.outcome[p.ID]
	if !ran {
		return p.Unrun("the run ended before this case")
	}
	out := p.Unrun("")
	out.DurationMs = r.RunTime.Milliseconds()
	judge(&out, r, p.Level)
	if c.interrupted[p.ID] {
		if out.Status != report.Passed {
			out.Status, out.Message, out.Reason = report.NotRun, "", interrupted
		}
		return out
	}
	if blame := c.hooks.Blame(p.ID); blame != "" {
		out.Status, out.Reason = report.Failed, ""
		out.Message = strings.TrimLeft(out.Message+"\n"+blame, "\n")
	}
	if ended, ran := c.ended[p.ID]; ran && ended.Status == out.Status {
		out.Trace, out.Traces, out.Place = ended.Trace, ended.Traces, ended.Place
		return out
	}
	if !p.Silent && c.hooks.Evidence.wants(out.Status) {
		if err := c.hooks.Evidence.keep(&out, c.hooks.Talks(p.ID), spotOf(r)); err != nil {
			c.faults = append(c.faults, err)
		}
	}
	return out
}

// interrupted is why a case was not run to its end.
const interrupted = "the run was interrupted"

func judge(out *report.Case, r types.SpecReport, level spec.Level) {
	switch r.State {
	case types.SpecStatePassed:
		out.Status = report.Passed
	case types.SpecStateFailed:
		out.Status, out.Message = broken(level), messages(r)
	case types.SpecStateSkipped:
		out.Status, out.Reason = report.NotRun, r.Failure.Message
		if reason, ok := strings.CutPrefix(r.Failure.Message, notApplicablePrefix); ok {
			out.Status, out.Reason = report.NotApplicable, reason
		}
		if out.Reason == "" { // Ginkgo skips what is left
			out.Reason = interrupted
		}
	case types.SpecStateInterrupted, types.SpecStateAborted:
		out.Status, out.Reason = report.NotRun, interrupted
	default:
		out.Status, out.Reason = report.NotRun, "fault of the suite"
	}
}

// broken is the status of a case that found its clause broken.
func broken(level spec.Level) report.Status {
	if level == spec.Must {
		return report.Failed
	}
	return report.Warned
}

// messages joins what failed in the case and what failed in cleaning up after it.
func messages(r types.SpecReport) string {
	text := []string{r.Failure.Message}
	for _, more := range r.AdditionalFailures {
		text = append(text, more.Failure.Message)
	}
	return strings.Join(text, "\n")
}

// NotStarted returns the cases of a plan for a run that could not begin.
func NotStarted(plan []Planned, reason string) []report.Case {
	var cases []report.Case
	for _, p := range plan {
		if !p.Silent {
			cases = append(cases, p.Unrun(reason))
		}
	}
	return cases
}
