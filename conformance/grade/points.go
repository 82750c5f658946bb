package grade

import (
	"math"
	"slices"

	"github.com/xferspec/xferspec/conformance/config"
	"github.com/xferspec/xferspec/spec"
)

// Scale is a rubric as it holds in an edition, for the roles that are graded.
type Scale struct {
	Name  string      `json:"name"`
	Total float64     `json:"total"`
	Parts []ScalePart `json:"parts"`
}

// ScalePart is a part of a rubric, with the clauses that its groups stand for.
type ScalePart struct {
	config.RubricPart
	IDs []string `json:"ids"`
}

// NewScale leaves out of a rubric what nobody can earn: parts for other roles,
// and those without a clause in the edition.
func NewScale(rubric *config.Rubric, ed *spec.Edition, roles []string) Scale {
	s := Scale{Name: rubric.Name}
	for _, part := range rubric.Parts {
		ids := part.IDs(ed)
		if len(ids) == 0 || !slices.Contains(roles, part.Role) {
			continue
		}
		s.Parts = append(s.Parts, ScalePart{part, ids})
		s.Total = round(s.Total + part.Points)
	}
	return s
}

// points returns what each part of the scale earns, and the sum. What was not
// seen to hold earns nothing; a clause that only a SHOULD spoke against does, if
// it is a MUST.
func (s Scale) points(ed *spec.Edition, of map[string]map[string]State) (parts []float64, sum float64) {
	for _, part := range s.Parts {
		held, counted := 0, 0
		for _, id := range part.IDs {
			state, tested := of[part.Role][id]
			if !tested && of[part.Role] != nil {
				continue // no case that applies is about it
			}
			counted++
			if earns(ed, id, state) {
				held++
			}
		}
		points := 0.0
		if counted > 0 && (held == counted || part.Rule != config.All) {
			points = round(part.Points * float64(held) / float64(counted))
		}
		parts = append(parts, points)
		sum = round(sum + points)
	}
	return parts, sum
}

// earns says whether a clause in a state earns its share.
func earns(ed *spec.Edition, id string, state State) bool {
	clause, _ := spec.LookupClause(id)
	return state == Held || state == Warned && ed.Level(clause) == spec.Must
}

// round keeps two decimals.
func round(points float64) float64 { return math.Round(points*100) / 100 }
