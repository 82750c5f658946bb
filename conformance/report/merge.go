package report

import (
	"fmt"
	"slices"
	"strings"
)

// Merge joins the reports of the shards of one run. Their cases come out in
// the given order of ids, which is that of the catalogue. Reports that speak of
// different things, and a case that two of them have, are errors; where a shard
// is missing, the result is incomplete.
func Merge(order []string, shards ...*Report) (*Report, error) {
	if len(shards) == 0 {
		return nil, fmt.Errorf("no reports to merge")
	}
	merged := *shards[0]
	merged.Cases, merged.Notes, merged.Shard, merged.Digest = nil, nil, "", ""
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
	lack, err := missingShards(shards)
	if err != nil {
		return nil, err
	}
	if merged.Reason == "" {
		merged.Reason = lack
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
		{"requirements", r.requirementSet(), other.requirementSet()},
		{"strict", fmt.Sprint(r.Strict), fmt.Sprint(other.Strict)},
		{"target", r.Target.String(), other.Target.String()},
		{"folder of the target", r.Target.Dir, other.Target.Dir},
		{"digest of the target", r.Target.Digest, other.Target.Digest},
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
	if r.Suite.Tool != s.Suite.Tool {
		r.Suite.Tool = "" // several programs: of the same catalogue, and that is what counts
	}
	for _, note := range s.Notes {
		if !slices.Contains(r.Notes, note) {
			r.Notes = append(r.Notes, note)
		}
	}
}

// missingShards says which of the shards are not there; nothing if none of the
// reports is of a shard.
func missingShards(shards []*Report) (string, error) {
	var there []int
	var number int
	for k, s := range shards {
		var i, n int
		if s.Shard != "" {
			if _, err := fmt.Sscanf(s.Shard, "%d/%d", &i, &n); err != nil {
				return "", fmt.Errorf("shard %q is not I/N", s.Shard)
			}
		}
		if k > 0 && n != number {
			return "", fmt.Errorf("reports of different runs: shard %q and shard %q", shards[0].Shard, s.Shard)
		}
		there, number = append(there, i), n
	}
	var missing []string
	for i := 1; i <= number; i++ {
		if !slices.Contains(there, i) {
			missing = append(missing, fmt.Sprintf("%d/%d", i, number))
		}
	}
	if len(missing) == 0 {
		return "", nil
	}
	return "the report of shard " + strings.Join(missing, ", ") + " is missing", nil
}
