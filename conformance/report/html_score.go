package report

import "slices"

// htmlGroup is the score of a group.
type htmlGroup struct {
	Name string
	Counts
	Worst Status // of its cases
	Bar   []barPart
}

// barPart is a stretch of a bar, in cases.
type barPart struct {
	Status     Status
	Begin, Len int
}

// htmlTime is a case and how long it took beside the slowest.
type htmlTime struct {
	Case
	Percent int64
}

func slowestOf(cases []Case) []htmlTime {
	byTime := slices.SortedStableFunc(slices.Values(cases), func(a, b Case) int { return int(b.DurationMs - a.DurationMs) })
	var out []htmlTime
	for _, c := range byTime[:min(slowest, len(byTime))] {
		if c.DurationMs > 0 {
			out = append(out, htmlTime{c, 100 * c.DurationMs / byTime[0].DurationMs})
		}
	}
	return out
}

func newHTMLGroup(g group) htmlGroup {
	n := count(g.Cases)
	worst := slices.IndexFunc(pageOrder, func(s Status) bool { return *n.of(s) > 0 })
	return htmlGroup{Name: g.Name, Counts: n, Worst: pageOrder[worst], Bar: bar(g.Cases)}
}

// bar lines the cases up by status, good ones first.
func bar(cases []Case) []barPart {
	var parts []barPart
	begin := 0
	for _, status := range []Status{Passed, KnownFailure, Warned, Failed, NotRun, NotApplicable} {
		n := 0
		for _, c := range cases {
			if c.Status == status {
				n++
			}
		}
		if n > 0 {
			parts = append(parts, barPart{status, begin, n})
		}
		begin += n
	}
	return parts
}
