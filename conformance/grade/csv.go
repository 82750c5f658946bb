package grade

import (
	"encoding/csv"
	"io"
	"regexp"
	"strconv"
	"strings"

	"github.com/xferspec/xferspec/conformance/report"
)

// WriteCSV writes a row for each submission, for a spreadsheet: nothing in it is
// taken for a formula.
func (s *Sheet) WriteCSV(w io.Writer) error {
	out := csv.NewWriter(w)
	head := []string{"submission", "outcome", "points", "of"}
	for _, role := range s.Roles {
		head = append(head, role, role+" passed", role+" failed", role+" warned", role+" not run", role+" breaks", role+" remarks")
	}
	for _, part := range s.Scale.Parts {
		head = append(head, part.Role+": "+part.Name+" ("+number(part.Points)+")")
	}
	rows := [][]string{head}
	for _, l := range s.Submissions {
		row := []string{l.Name, string(l.Outcome), number(l.Points), number(s.Scale.Total)}
		for _, r := range l.Roles {
			n := r.Counts
			row = append(row, string(r.Outcome), strconv.Itoa(n.Passed), strconv.Itoa(n.Failed), strconv.Itoa(n.Warned), strconv.Itoa(n.NotRun),
				strings.Join(r.Broken, " "), strings.Join(r.Remarks(), "; "))
		}
		for _, points := range l.Parts {
			row = append(row, number(points))
		}
		rows = append(rows, row)
	}
	for _, row := range rows {
		for i := range row {
			row[i] = harmless(row[i])
		}
	}
	return out.WriteAll(rows)
}

// harmless makes a cell that a spreadsheet would take for a formula a text. An
// apostrophe before it is what spreadsheets themselves write there.
func harmless(cell string) string {
	cell = clean(cell)
	// Some skip spaces, and take the wide forms of the signs, too.
	if strings.IndexAny(strings.TrimLeft(cell, " \uFFFD\u00A0"), "=+-@\uFF1D\uFF0B\uFF0D\uFF20") == 0 {
		return "'" + cell
	}
	return cell
}

// number writes points without decimals that say nothing.
func number(points float64) string { return strconv.FormatFloat(points, 'f', -1, 64) }

// Remarks are what has to be known of a role beside its cases, a line each.
func (p Part) Remarks() []string {
	var all []string
	if p.Reason != "" {
		all = append(all, Remark(p.Reason))
	}
	return append(all, p.Limits...)
}

var (
	// chance is what of a reason differs from run to run: times, ports, temporary folders.
	chance = regexp.MustCompile(`\b after [0-9.hmµs]+s\b| at (?:127\.[0-9.]+|\[[0-9a-f:]+\]):\d+`)
	copied = regexp.MustCompile(`[^\s'"]*/xferspec-(?:server|client)-\d+/`)
)

// Remark makes a line of a reason: what happened, and the last line that the
// program printed, which is where most languages say why. The same submission
// gets the same remark each time.
func Remark(reason string) string {
	first, printed, _ := strings.Cut(strings.TrimSpace(reason), "\n")
	line := strings.ReplaceAll(chance.ReplaceAllString(first, ""), ", before it was ready", " before it was ready")
	lines := strings.Split(strings.TrimSpace(printed), "\n")
	if last := strings.TrimSpace(lines[len(lines)-1]); last != "" {
		line += ": " + copied.ReplaceAllString(last, "")
	}
	return clean(line)
}

func firstLine(text string) string {
	line, _, _ := strings.Cut(text, "\n")
	return clean(line)
}

// clean is report.PlainText for what stands within a line.
func clean(text string) string {
	return strings.NewReplacer("\n", "\uFFFD", "\t", "\uFFFD").Replace(report.PlainText(text))
}
