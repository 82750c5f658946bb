package server

import (
	"iter"
	"slices"

	"github.com/xferspec/xferspec/conformance/fuzz"
)

// Simpler yields shorter conversations, then such with fewer of whatever there
// are several, then such with a simpler step.
func (s *Subject) Simpler(c Conversation, r *fuzz.Result) iter.Seq[Conversation] {
	return func(yield func(Conversation) bool) {
		if r.Steps < len(c) && !yield(c[:r.Steps]) {
			return
		}
		for _, all := range []iter.Seq[Conversation]{shorter(c), merged(c), joined(c), simpler(c)} {
			for next := range all {
				if !yield(next) {
					return
				}
			}
		}
	}
}

func shorter(c Conversation) iter.Seq[Conversation] {
	return func(yield func(Conversation) bool) {
		for next := range fuzz.Shorter(c) {
			if !yield(next) {
				return
			}
		}
	}
}

func simpler(c Conversation) iter.Seq[Conversation] {
	return func(yield func(Conversation) bool) {
		for next := range fuzz.Changed(c, simplerSteps) {
			if !yield(next) {
				return
			}
		}
	}
}

// merged makes two clients, connections or files one, in all steps at once.
func merged(c Conversation) iter.Seq[Conversation] {
	return func(yield func(Conversation) bool) {
		for n := 1; n < max(clients, connections); n++ {
			for _, next := range []Conversation{c.swap(n, 0, 0), c.swap(0, n, 0), c.swap(0, 0, n)} {
				if next != nil && !yield(next) {
					return
				}
			}
		}
	}
}

// joined sends a file at once that was begun in one step and ended in another.
func joined(c Conversation) iter.Seq[Conversation] {
	return func(yield func(Conversation) bool) {
		for i, begun := range c {
			end := slices.IndexFunc(c[i:], func(s Step) bool {
				return s.Op == Continue && s.Who == begun.Who && s.File == begun.File && s.Conn == begun.Conn
			})
			if begun.Op != Begin || end < 0 {
				continue
			}
			for _, at := range []int{i, i + end} {
				next := slices.Clone(c)
				next[at] = begun
				next[at].Op = Send
				if !yield(slices.Delete(next, 2*i+end-at, 2*i+end-at+1)) {
					return
				}
			}
		}
	}
}

// swap makes of client, connection or file n the one before it, wherever that
// changes anything.
func (c Conversation) swap(who, conn, file int) Conversation {
	merged := make(Conversation, len(c))
	changed := false
	for i, s := range c {
		merged[i] = s
		for _, field := range []struct {
			n     int
			value *int
		}{{who, &merged[i].Who}, {conn, &merged[i].Conn}, {file, &merged[i].File}} {
			if field.n > 0 && *field.value == field.n {
				*field.value, changed = field.n-1, true
			}
		}
	}
	if !changed {
		return nil
	}
	return merged
}

// simplerSteps are the ways in which a single step can be simpler.
func simplerSteps(s Step) (all []Step) {
	try := func(f func(*Step)) {
		t := s
		if f(&t); t != s {
			all = append(all, t)
		}
	}
	try(func(t *Step) { t.Stale, t.Piece, t.Key, t.Other = false, 0, 0, 0 })
	try(func(t *Step) { t.Fault = "" })
	try(func(t *Step) { t.Parts = min(t.Parts, 1) })
	try(func(t *Step) { t.Parts = min(t.Parts, 2) })
	try(func(t *Step) { t.Parts = min(t.Parts, 3) })
	try(func(t *Step) { t.Size = min(t.Size, 1) })
	try(func(t *Step) { t.Size /= 2 })
	try(func(t *Step) { t.Stale = false })
	try(func(t *Step) { t.Piece = 0 })
	try(func(t *Step) { t.Key = 0 })
	try(func(t *Step) { t.Conn = 0 })
	try(func(t *Step) { t.Who = 0 })
	try(func(t *Step) { t.File = 0 })
	return all
}
