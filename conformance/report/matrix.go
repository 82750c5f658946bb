package report

import (
	"fmt"
	"io"
	"strings"
)

// MatrixSchema names the JSON form of a Matrix; fields are added to it, never changed.
const MatrixSchema = "xferspec-matrix/1"

// Matrix is what became of everyone's working with everyone.
type Matrix struct {
	Schema     string       `json:"schema"`
	Suite      Suite        `json:"suite"`
	Verdict    Verdict      `json:"verdict"`
	DurationMs int64        `json:"durationMs"`
	Counts     MatrixCounts `json:"counts"`
	Cells      []Cell       `json:"cells"` // by edition, plan, server and client, and file
}

// MatrixCounts has the number of cells by status; Planned is the sum of the others.
type MatrixCounts struct {
	Planned int `json:"planned"`
	Passed  int `json:"passed"`
	Failed  int `json:"failed"`
	NotRun  int `json:"notRun"`
}

// Cell is one client that brings one file to one server.
type Cell struct {
	Edition    string `json:"edition"`
	Server     string `json:"server"`
	Client     string `json:"client"`
	Size       int    `json:"size"` // of the file, in bytes
	Plan       string `json:"plan"` // what happens on the way
	Status     Status `json:"status"`
	DurationMs int64  `json:"durationMs"`
	Reason     string `json:"reason,omitempty"`  // why it failed or was not run
	Capture    string `json:"capture,omitempty"` // file with the conversation
}

// Finish fills in counts and verdict from the cells: what was not run leaves
// the matrix incomplete, and so does a matrix without cells.
func (m *Matrix) Finish() {
	m.Schema = MatrixSchema
	if m.Cells == nil {
		m.Cells = []Cell{} // not null in JSON
	}
	m.Counts = MatrixCounts{Planned: len(m.Cells)}
	for _, c := range m.Cells {
		switch c.Status {
		case Passed:
			m.Counts.Passed++
		case Failed:
			m.Counts.Failed++
		default:
			m.Counts.NotRun++
		}
	}
	switch {
	case m.Counts.Failed > 0:
		m.Verdict = NonConformant
	case m.Counts.NotRun > 0 || m.Counts.Passed == 0:
		m.Verdict = Incomplete
	default:
		m.Verdict = Conformant
	}
}

// ExitStatus returns the exit status that the contract gives to the result.
func (m *Matrix) ExitStatus() int { return m.Verdict.exitStatus() }

// WriteJSON writes the matrix in the form that MatrixSchema names.
func (m *Matrix) WriteJSON(w io.Writer) error {
	if err := writeJSON(w, m); err != nil {
		return fmt.Errorf("write the matrix: %w", err)
	}
	return nil
}

// Grid is the part of a matrix that has one edition and one plan: a row for
// every pair, a column for every file.
type Grid struct {
	Edition, Plan string
	Sizes         []int // of the files, in bytes
	Rows          []GridRow
}

// GridRow is a server and a client.
type GridRow struct {
	Server, Client string
	Cells          []Cell // one for each of the grid's files
}

// Grids returns the matrix as tables.
func (m *Matrix) Grids() []Grid {
	var grids []Grid
	for _, c := range m.Cells {
		if n := len(grids); n == 0 || grids[n-1].Edition != c.Edition || grids[n-1].Plan != c.Plan {
			grids = append(grids, Grid{Edition: c.Edition, Plan: c.Plan})
		}
		g := &grids[len(grids)-1]
		if n := len(g.Rows); n == 0 || g.Rows[n-1].Server != c.Server || g.Rows[n-1].Client != c.Client {
			g.Rows = append(g.Rows, GridRow{Server: c.Server, Client: c.Client})
		}
		if len(g.Rows) == 1 {
			g.Sizes = append(g.Sizes, c.Size)
		}
		row := &g.Rows[len(g.Rows)-1]
		row.Cells = append(row.Cells, c)
	}
	return grids
}

// Problems returns the cells that did not pass.
func (m *Matrix) Problems() []Cell {
	var all []Cell
	for _, c := range m.Cells {
		if c.Status != Passed {
			all = append(all, c)
		}
	}
	return all
}

// Title names the cell in a line.
func (c Cell) Title() string {
	return fmt.Sprintf("%s: %s brings %s to %s, %s", c.Edition, c.Client, SizeText(c.Size), c.Server, c.Plan)
}

// SizeText writes a size in bytes with the largest unit that divides it.
func SizeText(n int) string {
	for _, unit := range []struct {
		name string
		size int
	}{{"MiB", 1 << 20}, {"MB", 1_000_000}, {"KiB", 1 << 10}, {"kB", 1000}} {
		if n > 0 && n%unit.size == 0 {
			return fmt.Sprintf("%d %s", n/unit.size, unit.name)
		}
	}
	return fmt.Sprintf("%d B", n)
}

// firstLine is what of a reason fits into a table.
func firstLine(text string) string {
	line, _, _ := strings.Cut(text, "\n")
	return line
}
