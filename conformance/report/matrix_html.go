package report

import (
	"fmt"
	"io"
	"time"
)

// WriteMatrixHTML writes the matrix as one page that needs nothing else, with
// the conversations of the cells that did not pass. Their paths that are not
// absolute begin at this folder.
func WriteMatrixHTML(w io.Writer, m *Matrix, folder string) error {
	if err := pages.ExecuteTemplate(w, "matrix.html.tmpl", newHTMLMatrix(m, newPageSpace(folder))); err != nil {
		return fmt.Errorf("write the matrix: %w", err)
	}
	return nil
}

// htmlMatrix is a matrix as the pages show it.
type htmlMatrix struct {
	*Matrix
	Grids    []htmlGrid
	Problems []htmlProblem
}

// htmlGrid is a grid whose cells know where it says what went wrong in them.
type htmlGrid struct {
	Grid
	Rows []htmlGridRow
}

type htmlGridRow struct {
	GridRow
	Cells []htmlCell
}

type htmlCell struct {
	Cell
	Anchor string // "" where nothing went wrong
}

// htmlProblem is a cell that did not pass; Conversation is nil if none was kept.
type htmlProblem struct {
	htmlCell
	Gist         string
	Conversation *conversation
	Hidden       string // path of the conversation if there is no room for it
}

func newHTMLMatrix(m *Matrix, space *pageSpace) *htmlMatrix {
	out := &htmlMatrix{Matrix: m}
	for _, g := range m.Grids() {
		grid := htmlGrid{Grid: g}
		for _, r := range g.Rows {
			row := htmlGridRow{GridRow: r}
			for _, c := range r.Cells {
				cell := htmlCell{Cell: c}
				if c.Status != Passed {
					cell.Anchor = fmt.Sprintf("cell-%d", len(out.Problems)+1)
					out.Problems = append(out.Problems, newHTMLProblem(cell, space))
				}
				row.Cells = append(row.Cells, cell)
			}
			grid.Rows = append(grid.Rows, row)
		}
		out.Grids = append(out.Grids, grid)
	}
	return out
}

func newHTMLProblem(cell htmlCell, space *pageSpace) htmlProblem {
	cell.Reason = space.texts.cut(cell.Reason)
	out := htmlProblem{htmlCell: cell, Gist: firstLine(cell.Reason)}
	talk := &talks{Case: Case{Trace: cell.Capture}}
	space.talks.readAll([]*talks{talk})
	if len(talk.shown) > 0 {
		out.Conversation = &talk.shown[0]
	}
	out.Hidden = some(talk.hidden)
	return out
}

// Duration is that of all cells, as people say it.
func (m *htmlMatrix) Duration() time.Duration {
	return (time.Duration(m.DurationMs) * time.Millisecond).Round(10 * time.Millisecond)
}

// Bar is that of all cells.
func (m *htmlMatrix) Bar() []barPart {
	var all []Case
	for _, c := range m.Cells {
		all = append(all, Case{Status: c.Status})
	}
	return bar(all)
}
