package report

import (
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/charmbracelet/colorprofile"
)

// marks are the signs of a cell in a grid.
var marks = map[Status]string{Passed: "ok", Failed: "FAILED", NotRun: "not run"}

// WriteMatrixText writes the matrix for people: a grid for every edition and
// plan, then what went wrong, then the verdict.
func WriteMatrixText(w io.Writer, m *Matrix) error {
	t := text{w: colorprofile.NewWriter(w, os.Environ())}
	for _, g := range m.Grids() {
		t.printf("edition %s, %s\n", g.Edition, printable(g.Plan))
		t.grid(g)
		t.printf("\n")
	}
	for _, c := range m.Problems() {
		t.printf("%s  %s\n%s\n", styles[c.Status].Render(string(c.Status)), printable(c.Title()), indent(c.Reason))
		if c.Capture != "" {
			t.printf("    captured: xferspec decode %s\n", printable(c.Capture))
		}
		t.printf("\n")
	}
	t.printf("%s: %d cells, %d passed, %d failed, %d not run in %s\n", verdictStyles[m.Verdict].Render(string(m.Verdict)),
		m.Counts.Planned, m.Counts.Passed, m.Counts.Failed, m.Counts.NotRun,
		(time.Duration(m.DurationMs) * time.Millisecond).Round(100*time.Millisecond))
	return t.err
}

func (t *text) grid(g Grid) {
	if t.err != nil {
		return
	}
	table := tabwriter.NewWriter(t.w, 0, 8, 3, ' ', 0)
	head := []string{"  server", "client"}
	for _, size := range g.Sizes {
		head = append(head, SizeText(size))
	}
	fmt.Fprintln(table, strings.Join(head, "\t"))
	for _, row := range g.Rows {
		line := []string{"  " + row.Server, row.Client}
		for _, c := range row.Cells {
			line = append(line, marks[c.Status])
		}
		fmt.Fprintln(table, strings.Join(line, "\t"))
	}
	t.err = table.Flush()
}

// WriteMatrixMarkdown writes the matrix as a page for a job summary.
func WriteMatrixMarkdown(w io.Writer, m *Matrix) error {
	t := text{w: w}
	t.printf("## Interop: %s\n\n%d cells, %d passed, %d failed, %d not run.\n", m.Verdict,
		m.Counts.Planned, m.Counts.Passed, m.Counts.Failed, m.Counts.NotRun)
	for _, g := range m.Grids() {
		t.printf("\n### Edition %s, %s\n\n| server | client |", g.Edition, markdown(g.Plan))
		for _, size := range g.Sizes {
			t.printf(" %s |", SizeText(size))
		}
		t.printf("\n|---|---|%s\n", strings.Repeat("---|", len(g.Sizes)))
		for _, row := range g.Rows {
			t.printf("| %s | %s |", row.Server, row.Client)
			for _, c := range row.Cells {
				t.printf(" %s |", marks[c.Status])
			}
			t.printf("\n")
		}
	}
	if problems := m.Problems(); len(problems) > 0 {
		t.printf("\n### What went wrong\n\n")
		for _, c := range problems {
			t.printf("- **%s** %s: %s\n", c.Status, markdown(c.Title()), markdown(firstLine(c.Reason)))
		}
	}
	return t.err
}

// markdown keeps a text from being taken for Markdown's own signs or for HTML.
func markdown(text string) string {
	var b strings.Builder
	for _, r := range printable(text) {
		if strings.ContainsRune("\\`*_{}[]<>()#+-!|&~@", r) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}
