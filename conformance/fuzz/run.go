package fuzz

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"math/rand/v2"
	"time"
)

// Subject is one kind of conversations with a target.
type Subject[C any] interface {
	// Draw returns a conversation that depends on nothing but what r yields.
	Draw(r *rand.Rand) C
	// Play has the conversation with the target; in haste it does not wait as
	// long for what is late. Its errors are that there is no target to talk to
	// any more (*LostError), or the end of ctx.
	Play(ctx context.Context, c C, hasty bool) (*Result, error)
	// Renew makes the target as it was before the first conversation.
	Renew(ctx context.Context) error
	// Simpler yields conversations that are simpler than one of which r came,
	// the boldest first.
	Simpler(c C, r *Result) iter.Seq[C]
}

// LostError says that there is no target to talk to, though nothing that was said
// to it explains that.
type LostError struct{ Err error }

func (e *LostError) Error() string { return e.Err.Error() }
func (e *LostError) Unwrap() error { return e.Err }

// Config says how long to look and where to begin.
type Config struct {
	Seed     uint64
	Duration time.Duration // 0: until Most conversations were played
	Most     int           // conversations; 0: until Duration is over
	Corpus   string        // folder with conversations that are tried first; "" for none
	Renew    int           // conversations after which the target is renewed; 0: never

	Progress func(Stats) // called after every conversation; may be nil
}

// Stats counts what was played.
type Stats struct {
	Conversations, Requests int
	Kept                    int // conversations of the corpus that were tried first
	Traits                  int // situations that came about
	Once                    int // findings of silence that did not come again, and do not count
	Elapsed                 time.Duration
}

// Outcome is the result of a run. The zero Found means that all was legal.
type Outcome[C any] struct {
	Stats
	Found        *Result // of the shrunk conversation
	Conversation C
	Before       int // steps before shrinking
	Of           string
	Again, Tries int // how often it came again when the shrunk conversation was repeated on a new target
}

// Limits of what is done with a finding.
const (
	shrinkTries = 400
	shrinkTime  = 2 * time.Minute
	repeats     = 3
)

// errEnough ends a run that has come to its limit.
var errEnough = errors.New("enough")

// Run plays the conversations of the corpus and then drawn ones, until one breaks
// a clause, ctx ends or a limit is reached. What was found is in the outcome also
// where the error is that it could not be repeated or kept.
func Run[C any](ctx context.Context, cfg Config, s Subject[C]) (*Outcome[C], error) {
	f := &runner[C]{cfg: cfg, subject: s, began: time.Now(), traits: map[string]bool{}, out: &Outcome[C]{}}
	var err error
	if f.corpus, err = openCorpus[C](cfg.Corpus); err != nil {
		return nil, err
	}
	err = f.run(ctx)
	f.out.Elapsed = time.Since(f.began)
	if errors.Is(err, errEnough) {
		err = nil
	}
	return f.out, err
}

type runner[C any] struct {
	cfg     Config
	subject Subject[C]
	corpus  *corpus[C]
	began   time.Time
	traits  map[string]bool
	out     *Outcome[C]
}

func (f *runner[C]) run(ctx context.Context) error {
	for _, entry := range f.corpus.entries {
		f.out.Kept++
		if err := f.try(ctx, entry.conversation, entry.name); err != nil {
			return err
		}
	}
	for i := uint64(0); ; i++ {
		c := f.subject.Draw(rand.New(rand.NewPCG(f.cfg.Seed, i))) //nolint:gosec // to be repeated, not to be secret
		if err := f.try(ctx, c, fmt.Sprintf("conversation %d of seed %d", i+1, f.cfg.Seed)); err != nil {
			return err
		}
	}
}

// try plays one conversation; the error ends the run.
func (f *runner[C]) try(ctx context.Context, c C, of string) error {
	if f.over(ctx) {
		return errEnough
	}
	if f.cfg.Renew > 0 && f.out.Conversations > 0 && f.out.Conversations%f.cfg.Renew == 0 {
		if err := f.subject.Renew(ctx); err != nil {
			return err
		}
	}
	r, err := f.subject.Play(ctx, c, false)
	if err != nil {
		return f.ended(ctx, err)
	}
	f.out.Conversations++
	f.out.Requests += r.Requests
	if r.Finding != nil {
		found, err := f.confirm(ctx, c, r, of)
		switch {
		case err != nil:
			return err
		case found:
			return errEnough
		}
	} else if f.news(r.Traits) {
		if err := f.corpus.keep("new", c); err != nil {
			return err
		}
	}
	if f.cfg.Progress != nil {
		stats := f.out.Stats
		stats.Elapsed = time.Since(f.began)
		f.cfg.Progress(stats)
	}
	return nil
}

func (f *runner[C]) over(ctx context.Context) bool {
	return ctx.Err() != nil ||
		f.cfg.Duration > 0 && time.Since(f.began) >= f.cfg.Duration ||
		f.cfg.Most > 0 && f.out.Conversations >= f.cfg.Most
}

// ended makes the end of ctx the end of the run, which is no error.
func (f *runner[C]) ended(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return errEnough
	}
	return err
}

// news notes the traits, and says whether one of them is new.
func (f *runner[C]) news(traits []string) bool {
	before := len(f.traits)
	for _, t := range traits {
		f.traits[t] = true
	}
	f.out.Traits = len(f.traits)
	return f.out.Traits > before
}

// confirm looks into what was found, and says whether it counts: what was only
// missing in time, and comes when asked for again, does not. With an error the
// target is lost, or what was found cannot be kept.
func (f *runner[C]) confirm(ctx context.Context, c C, r *Result, of string) (bool, error) {
	out := f.out
	out.Found, out.Conversation, out.Before, out.Of = r, c, r.Steps, of
	err := f.repeat(ctx, out)
	if ctx.Err() != nil {
		err = nil // that is what broke it off
	}
	if out.Again == 0 && out.Found.Finding.Weak {
		f.out = &Outcome[C]{Stats: out.Stats}
		f.out.Once++
		return false, err
	}
	return true, errors.Join(err, f.corpus.keep("fail-"+out.Found.Finding.Clause, out.Conversation))
}

// repeat shrinks what was found and repeats it on a new target.
func (f *runner[C]) repeat(ctx context.Context, out *Outcome[C]) (err error) {
	if err := f.subject.Renew(ctx); err != nil {
		return err
	}
	out.Conversation, out.Found, err = shrink(ctx, f.subject, out.Conversation, out.Found, shrinkTries, time.Now().Add(shrinkTime))
	if err != nil {
		return err
	}
	for ; out.Tries < repeats && ctx.Err() == nil; out.Tries++ {
		if err := f.subject.Renew(ctx); err != nil {
			return err
		}
		again, err := f.subject.Play(ctx, out.Conversation, false)
		if err != nil {
			return err
		}
		if again.Finding != nil {
			out.Again++
			out.Found = again
		}
	}
	return nil
}
