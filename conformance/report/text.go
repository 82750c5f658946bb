package report

import (
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"text/tabwriter"
	"time"
	"unicode"

	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/colorprofile"
)

// styles are the colours of the terminal view; they are left out where the
// output is no terminal or NO_COLOR is set.
var styles = map[Status]lipgloss.Style{
	Passed:        lipgloss.NewStyle().Foreground(lipgloss.Green),
	Failed:        lipgloss.NewStyle().Foreground(lipgloss.Red).Bold(true),
	Warned:        lipgloss.NewStyle().Foreground(lipgloss.Yellow).Bold(true),
	KnownFailure:  lipgloss.NewStyle().Foreground(lipgloss.Yellow),
	NotApplicable: lipgloss.NewStyle().Faint(true),
	NotRun:        lipgloss.NewStyle().Foreground(lipgloss.Magenta).Bold(true),
}

var verdictStyles = map[Verdict]lipgloss.Style{
	Conformant: styles[Passed].Bold(true), NonConformant: styles[Failed], Incomplete: styles[NotRun],
}

// inOrder is the order in which statuses are counted and shown.
var inOrder = []Status{Passed, Failed, Warned, KnownFailure, NotApplicable, NotRun}

// WriteText writes the report for people: counts by group, then what went
// wrong, the failures last, then the verdict.
func WriteText(w io.Writer, r *Report) error {
	t := text{w: colorprofile.NewWriter(w, os.Environ()), r: r}
	t.title()
	t.groups()
	t.aside(NotRun)
	for _, status := range []Status{KnownFailure, Warned, Failed} {
		for _, c := range r.With(status) {
			t.problem(c)
		}
	}
	for _, note := range r.Notes {
		t.printf("\nnote: %s\n", printable(note))
	}
	t.causes()
	t.verdict()
	return t.err
}

// text writes the view; the first error sticks.
type text struct {
	w   io.Writer
	r   *Report
	err error
}

func (t *text) printf(format string, args ...any) {
	if t.err == nil {
		_, t.err = fmt.Fprintf(t.w, format, args...)
	}
}

func (t *text) title() {
	t.printf("%s %s, edition %s", t.r.Role, printable(t.r.Target.String()), t.r.Edition)
	if set := t.r.requirementSet(); set != nextRequirements {
		t.printf(", requirements %s", printable(set))
	}
	t.printf("\n\n")
}

// groups writes one line for every Describe.
func (t *text) groups() {
	if t.err != nil {
		return
	}
	table := tabwriter.NewWriter(t.w, 0, 8, 3, ' ', 0)
	for _, g := range grouped(t.r.Cases, byDescribe) {
		fmt.Fprintf(table, "  %s\t%s\n", g.Name, tally(g.Cases))
	}
	t.err = table.Flush()
}

// tally counts cases by status, such as "5 passed, 1 failed".
func tally(cases []Case) string {
	var parts []string
	for _, status := range inOrder {
		n := 0
		for _, c := range cases {
			if c.Status == status {
				n++
			}
		}
		if n > 0 {
			parts = append(parts, styles[status].Render(fmt.Sprintf("%d %s", n, status)))
		}
	}
	return strings.Join(parts, ", ")
}

// aside lists cases that were not judged, those with the same reason together.
// What a target printed, and what follows below all the same, is left to there.
func (t *text) aside(status Status) {
	for _, g := range grouped(t.r.With(status), byReason) {
		t.printf("\n%s  %s\n%s\n", styles[status].Render(string(status)), some(ids(g.Cases)), indent(t.unlessBelow(g.Name)))
	}
}

// unlessBelow returns a reason, but only the first line of it if the rest is in the
// message of a problem, or is why the run is incomplete.
func (t *text) unlessBelow(reason string) string {
	first, rest, _ := strings.Cut(reason, "\n")
	rest = withoutChance(strings.TrimRight(rest, "\n"))
	below := []string{t.r.Reason}
	for _, status := range []Status{KnownFailure, Warned, Failed} {
		for _, c := range t.r.With(status) {
			below = append(below, c.Message)
		}
	}
	if rest == "" || !slices.ContainsFunc(below, func(text string) bool { return strings.Contains(withoutChance(text), rest) }) {
		return reason
	}
	return first + "\n  … as it is shown below"
}

// some lists a few ids and counts the others.
func some(ids []string) string {
	const few = 8
	if len(ids) <= few+1 {
		return strings.Join(ids, " ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(ids[:few], " "), len(ids)-few)
}

// problem writes a case that found something, with the text of its clauses.
func (t *text) problem(c Case) {
	t.printf("\n%s  %s  the %s %s\n", styles[c.Status].Render(string(c.Status)), c.ID, t.r.Role, c.Title)
	for _, clause := range t.r.requirements(c) {
		t.printf("    %s (%s, %s line %d): %s\n", clause.ID, clause.Level, clauseFile, clause.Line, clause.Text)
	}
	t.printf("%s\n", indent(c.Message))
	for _, hint := range c.hints() {
		t.printf("    %s\n", printable(hint))
	}
}

// causes says where to read on about the first failure.
func (t *text) causes() {
	if failed := t.r.With(Failed); len(failed) > 0 {
		t.printf("\nwhat usually causes the first: xferspec explain %s\n", failed[0].ID)
	}
}

func (t *text) verdict() {
	n := t.r.Counts
	noun := "cases"
	if n.Planned == 1 {
		noun = "case"
	}
	t.printf("\n%s: %d %s, %s in %s\n", verdictStyles[t.r.Verdict].Render(string(t.r.Verdict)),
		n.Planned, noun, tally(t.r.Cases), (time.Duration(t.r.DurationMs) * time.Millisecond).Round(10*time.Millisecond))
	switch {
	case t.r.Reason != "":
		t.printf("%s\n", indent(t.r.Reason))
	case t.r.Verdict == Incomplete && n.Planned == n.NotApplicable:
		t.printf("    no case was run: nothing is known of this target\n")
	}
}

// indent sets a text off, and keeps a target's bytes from steering the terminal.
func indent(text string) string {
	lines := strings.Split(strings.TrimRight(text, "\n"), "\n")
	for i, line := range lines {
		lines[i] = "    " + printable(line)
	}
	return strings.Join(lines, "\n")
}

// printable replaces control characters, escape sequences among them, and
// those that turn the direction of what is read.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if r < 0x20 && r != '\t' || r >= 0x7f && r < 0xa0 || unicode.Is(unicode.Bidi_Control, r) {
			return '\uFFFD'
		}
		return r
	}, text)
}

// PlainText returns a text that someone else may have written, without what could
// steer a terminal: control characters but for tabs and line breaks, and those that
// turn the direction of what is read.
func PlainText(text string) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		lines[i] = printable(line)
	}
	return strings.Join(lines, "\n")
}
