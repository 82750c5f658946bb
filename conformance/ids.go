package conformance

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/xferspec/xferspec/spec"
)

// Ids as people write them: in any letter case, without hyphens, with another
// number of leading zeros.
var (
	writtenCase   = regexp.MustCompile(`^(SRV|CLT)-?([A-Z]{3})-?0*(\d+)$`)
	writtenClause = regexp.MustCompile(`^([A-Z]{3})-?0*(\d+)$`)
)

// Spelt returns the id of a case or a clause as the catalogue spells it. What is
// nothing like one comes back as it was; whether there is such an id is not asked.
func Spelt(id string) string {
	upper := strings.ToUpper(strings.TrimSpace(id))
	if m := writtenCase.FindStringSubmatch(upper); m != nil {
		return fmt.Sprintf("%s-%s-%02s", m[1], m[2], m[3])
	}
	if m := writtenClause.FindStringSubmatch(upper); m != nil {
		return m[1] + "-" + m[2]
	}
	return id
}

// UnknownIDError is a case or clause id that there is not.
type UnknownIDError struct {
	Kind string // "case" or "clause"
	ID   string
	Hint string
	Near []string // ids that look like it, the nearest first
}

// Error names the id, and says what was probably meant, or where the ids are listed.
func (e *UnknownIDError) Error() string {
	if len(e.Near) > 0 {
		return fmt.Sprintf("unknown %s %q%s: did you mean %s?", e.Kind, e.ID, e.Hint, strings.Join(e.Near, ", "))
	}
	return fmt.Sprintf("unknown %s %q%s: 'xferspec list' shows all", e.Kind, e.ID, e.Hint)
}

// UnknownCase is the error about an id that no case has.
func (c Catalogue) UnknownCase(id string) *UnknownIDError {
	if _, isClause := spec.LookupClause(Spelt(id)); isClause {
		return &UnknownIDError{Kind: "case", ID: id, Hint: " (it is a clause)", Near: []string{"--clause " + Spelt(id)}}
	}
	return &UnknownIDError{Kind: "case", ID: id, Near: Near(id, c.IDs())}
}

// UnknownClause is the error about an id that no clause has.
func UnknownClause(id string) *UnknownIDError {
	if writtenCase.MatchString(strings.ToUpper(id)) {
		return &UnknownIDError{Kind: "clause", ID: id, Hint: " (it looks like a case)", Near: []string{"--case " + Spelt(id)}}
	}
	var ids []string
	for _, c := range spec.Clauses() {
		ids = append(ids, c.ID)
	}
	return &UnknownIDError{Kind: "clause", ID: id, Near: Near(id, ids)}
}

// Bounds of what counts as a slip.
const (
	maxDistance = 2 // letters that are wrong, missing or too many
	maxNear     = 3 // ids that are named
)

// Near returns those of the words that differ least from one, whatever the letter
// case, the nearest first; none if no word is near. A pattern is near to nothing.
func Near(word string, words []string) []string {
	if strings.ContainsAny(word, "*?") {
		return nil
	}
	distances := map[string]int{}
	for _, candidate := range words {
		distances[candidate] = distance(strings.ToUpper(word), strings.ToUpper(candidate))
	}
	near := slices.DeleteFunc(slices.Clone(words), func(c string) bool { return distances[c] > min(maxDistance, len(word)/2) })
	slices.SortStableFunc(near, func(a, b string) int { return distances[a] - distances[b] })
	return near[:min(len(near), maxNear)]
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
