package report

import "regexp"

// group is cases that have something in common.
type group struct {
	Name  string
	Cases []Case
}

// grouped puts cases that have the same name by some measure together, in the
// order of the first ones. What differs only as any two runs do is the same.
func grouped(cases []Case, by func(Case) string) []group {
	var groups []group
	place := map[string]int{}
	for _, c := range cases {
		name := by(c)
		same := withoutChance(name)
		i, ok := place[same]
		if !ok {
			i = len(groups)
			place[same] = i
			groups = append(groups, group{Name: name})
		}
		groups[i].Cases = append(groups[i].Cases, c)
	}
	return groups
}

// chance is what no two runs have in common: how long something took, addresses,
// and the names of temporary folders.
var chance = regexp.MustCompile(`\b(\d+[hm])*\d+(\.\d+)?[mµ]?s\b|\b(\d+\.){3}\d+:\d+\b|\bxferspec-[a-z]+-\d+\b`)

func withoutChance(text string) string { return chance.ReplaceAllString(text, "…") }

// byDescribe and byReason are measures for grouped.
func byDescribe(c Case) string { return c.Group }
func byReason(c Case) string   { return c.Reason }

// rootsFirst returns the cases that have a status, those that another one
// explains after the others.
func (r *Report) rootsFirst(status Status) []Case {
	var roots, consequences []Case
	for _, c := range r.With(status) {
		if c.ConsequenceOf == "" {
			roots = append(roots, c)
		} else {
			consequences = append(consequences, c)
		}
	}
	return append(roots, consequences...)
}

func ids(cases []Case) []string {
	all := make([]string, len(cases))
	for i, c := range cases {
		all[i] = c.ID
	}
	return all
}
