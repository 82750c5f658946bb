package selftest

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"slices"

	"github.com/xferspec/xferspec/spec"
)

//go:embed selftest.html.tmpl
var page string

var pageTemplate = template.Must(template.New("selftest").Funcs(template.FuncMap{"list": list}).Parse(page))

// Grid is the matrix of one role: a row for every mutant, a column for every case
// that fails or warns on one.
type Grid struct {
	Role  string
	Cases []string
	Rows  []GridRow
}

// GridRow is a mutant and its marks, one for each case of the grid.
type GridRow struct {
	MutantResult
	Marks []Mark
}

// Mark is what a case said of a mutant.
type Mark struct{ Sign, Kind, Case string }

// Grids returns the matrix of each role that has mutants.
func (r *Result) Grids() []Grid {
	var grids []Grid
	for _, role := range []spec.Role{spec.Server, spec.Client} {
		g := Grid{Role: role.String()}
		marks := map[string]map[string]Mark{} // by mutant and case
		for _, m := range r.Mutants {
			if m.Role != g.Role {
				continue
			}
			marks[m.ID] = m.marks()
			for id := range marks[m.ID] {
				if !slices.Contains(g.Cases, id) {
					g.Cases = append(g.Cases, id)
				}
			}
			g.Rows = append(g.Rows, GridRow{MutantResult: m})
		}
		slices.Sort(g.Cases)
		for i := range g.Rows {
			for _, id := range g.Cases {
				g.Rows[i].Marks = append(g.Rows[i].Marks, marks[g.Rows[i].ID][id])
			}
		}
		if len(g.Rows) > 0 {
			grids = append(grids, g)
		}
	}
	return grids
}

// marks returns the marks of a mutant by case.
func (m MutantResult) marks() map[string]Mark {
	all := map[string]Mark{}
	for _, kind := range []struct {
		cases      []string
		sign, name string
	}{
		{m.KilledBy, "✕", "killed"}, {m.Unrelated, "?", "unrelated"}, {m.Consequences, "·", "consequence"}, {m.Warned, "!", "warned"},
	} {
		for _, id := range kind.cases {
			all[id] = Mark{kind.sign, kind.name, id}
		}
	}
	return all
}

// WriteHTML writes the kill matrix as one page that needs nothing else.
func (r *Result) WriteHTML(w io.Writer) error {
	if err := pageTemplate.Execute(w, r); err != nil {
		return fmt.Errorf("write the kill matrix: %w", err)
	}
	return nil
}
