package explain

import (
	"slices"
	"strings"

	"github.com/xferspec/xferspec/spec"
)

// Bounds of what counts as a slip.
const (
	maxDistance = 2 // letters that are wrong, missing or too many
	maxNear     = 3 // ids that are named
)

// near returns the ids that differ least from id, which is in upper case: those
// of clauses, cases and groups, and the names of messages.
func (x *Explainer) near(id string) []string {
	var all []string
	for _, c := range spec.Clauses() {
		all = append(all, c.ID)
		if group := c.Group(); !slices.Contains(all, group) {
			all = append(all, group)
		}
	}
	all = append(all, x.Catalogue.IDs()...)
	for _, t := range append(spec.RequestTypes(), spec.ResponseTypes()...) {
		all = append(all, t.String())
	}
	distances := map[string]int{}
	for _, candidate := range all {
		distances[candidate] = distance(id, strings.ToUpper(candidate))
	}
	all = slices.DeleteFunc(all, func(c string) bool { return distances[c] > min(maxDistance, len(id)/2) })
	slices.SortStableFunc(all, func(a, b string) int { return distances[a] - distances[b] })
	return all[:min(len(all), maxNear)]
}

// distance is how many letters have to be changed, added or removed to make b of a.
func distance(a, b string) int {
	row := make([]int, len(b)+1) // of the letters of a so far
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := diagonal
			if a[i] != b[j] {
				change++
			}
			diagonal = row[j+1]
			row[j+1] = min(change, row[j]+1, diagonal+1)
		}
	}
	return row[len(b)]
}
