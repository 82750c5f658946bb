package fuzz

import (
	"context"
	"iter"
	"slices"
	"time"
)

// shrink returns the simplest conversation it finds that still breaks a clause,
// and what came of it. It tries at most so many conversations.
func shrink[C any](ctx context.Context, s Subject[C], c C, r *Result, tries int, until time.Time) (C, *Result, error) {
	for progress := true; progress; {
		progress = false
		for simpler := range s.Simpler(c, r) {
			if tries == 0 || ctx.Err() != nil || time.Now().After(until) {
				return c, r, nil
			}
			tries--
			again, err := s.Play(ctx, simpler, r.Finding.Weak)
			if err != nil {
				return c, r, err
			}
			if again.Finding != nil {
				c, r, progress = simpler, again, true
				break
			}
		}
	}
	return c, r, nil
}

// Shorter yields a list without some of its elements: without half of them,
// without a quarter, and so on, without each single one.
func Shorter[E any](list []E) iter.Seq[[]E] {
	return func(yield func([]E) bool) {
		for n := (len(list) + 1) / 2; n > 0; n /= 2 {
			for i := 0; i < len(list); i += n {
				end := min(i+n, len(list))
				if end-i == len(list) {
					continue
				}
				if !yield(slices.Delete(slices.Clone(list), i, end)) {
					return
				}
			}
		}
	}
}

// Changed yields a list with one element replaced, by each of what simpler
// returns for it, the last element first.
func Changed[E any](list []E, simpler func(E) []E) iter.Seq[[]E] {
	return func(yield func([]E) bool) {
		for i := len(list) - 1; i >= 0; i-- {
			for _, e := range simpler(list[i]) {
				changed := slices.Clone(list)
				changed[i] = e
				if !yield(changed) {
					return
				}
			}
		}
	}
}
