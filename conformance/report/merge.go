package report

import (
	"fmt"
	"slices"
)

// Merge joins the reports of the shards of one run. Their cases come out in
// the given order of ids, which is that of the catalogue. Reports that speak of
// different things, and a case that two of them have, are errors.
func Merge(order []string, shards ...*Report) (*Report, error) {
	if len(shards) == 0 {
		return nil, fmt.Errorf("no reports to merge")
	}
	merged := *shards[0]
	merged.Cases = nil
	seen := map[string]bool{}
	for _, s := range shards {
		if err := merged.comparable(s); err != nil {
			return nil, err
		}
		for _, c := range s.Cases {
			if seen[c.ID] {
				return nil, fmt.Errorf("case %s is in two reports: shards have no case in common", c.ID)
			}
			seen[c.ID] = true
			merged.Cases = append(merged.Cases, c)
		}
		merged.add(s)
	}
	slices.SortStableFunc(merged.Cases, func(a, b Case) int {
		return slices.Index(order, a.ID) - slices.Index(order, b.ID)
	})
	merged.Finish()
	return &merged, nil
}

// comparable says why two reports cannot be of the same run.
func (r *Report) comparable(other *Report) error {
	for _, field := range []struct{ name, a, b string }{
		{"role", r.Role, other.Role},
		{"edition", r.Edition, other.Edition},
		{"catalogue", r.Suite.Catalogue, other.Suite.Catalogue},
		{"strict", fmt.Sprint(r.Strict), fmt.Sprint(other.Strict)},
		{"target", fmt.Sprint(r.Target), fmt.Sprint(other.Target)},
	} {
		if field.a != field.b {
			return fmt.Errorf("reports of different runs: %s %q and %q", field.name, field.a, field.b)
		}
	}
	return nil
}

// add takes over from a shard what is not its cases.
func (r *Report) add(s *Report) {
	if s.Started.Before(r.Started) {
		r.Started = s.Started
	}
	r.DurationMs = max(r.DurationMs, s.DurationMs)
	if r.Reason == "" {
		r.Reason = s.Reason
	}
	if r.Fault == "" {
		r.Fault = s.Fault
	}
	for _, note := range s.Notes {
		if !slices.Contains(r.Notes, note) {
			r.Notes = append(r.Notes, note)
		}
	}
}
