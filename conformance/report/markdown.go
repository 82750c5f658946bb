package report

import (
	"fmt"
	"html"
	"io"
	"slices"
	"strings"
	"time"
)

// Sizes in bytes of the Markdown view.
const (
	markdownLimit = 1 << 20  // what a GitHub job summary holds
	messageLimit  = 16 << 10 // of one case's message
	cutRoom       = 200      // kept for the line that says what was cut
)

// WriteMarkdown writes the report as a page for a job summary: verdict, counts
// by group, then what went wrong. What would make it longer than 1 MiB is left
// out, and a line says so.
func (r *Report) WriteMarkdown(w io.Writer) error {
	if _, err := io.WriteString(w, r.markdown(markdownLimit)); err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	return nil
}

func (r *Report) markdown(limit int) string {
	var page strings.Builder
	page.WriteString(r.markdownHead())
	sections := r.markdownSections()
	for i, section := range sections {
		if page.Len()+len(section) > limit-cutRoom {
			fmt.Fprintf(&page, "\n**Cut here**: %d of %d parts do not fit into the %d KiB of a job summary; the other views have them.\n",
				len(sections)-i, len(sections), limit>>10)
			break
		}
		page.WriteString(section)
	}
	return page.String()
}

func (r *Report) markdownHead() string {
	var b strings.Builder
	fmt.Fprintf(&b, "## %s: %s\n\n%s, edition %s: %d cases in %s.\n", r.Role, r.outcome(),
		codeSpan(r.Target.String()), markdown(r.Edition), r.Counts.Planned, r.duration())
	for _, text := range slices.Concat([]string{r.Fault, r.Reason}, r.Notes) {
		if text != "" {
			fmt.Fprintf(&b, "\n> %s\n", markdown(strings.Join(strings.Fields(text), " ")))
		}
	}
	b.WriteString("\n| group | passed | failed | warned | known | not applicable | not run |\n|---|--:|--:|--:|--:|--:|--:|\n")
	row := func(name string, n Counts) {
		fmt.Fprintf(&b, "| %s | %d | %d | %d | %d | %d | %d |\n", name,
			n.Passed, n.Failed, n.Warned, n.KnownFailures, n.NotApplicable, n.NotRun)
	}
	for _, g := range grouped(r.Cases, byDescribe) {
		row(markdown(g.Name), count(g.Cases))
	}
	row("**all**", r.Counts)
	return b.String()
}

// duration of the run, as people say it.
func (r *Report) duration() time.Duration {
	return (time.Duration(r.DurationMs) * time.Millisecond).Round(10 * time.Millisecond)
}

// markdownSections returns what went wrong, in parts that can be left out from
// the end on.
func (r *Report) markdownSections() []string {
	var sections []string
	for _, status := range []Status{Failed, Warned, KnownFailure} {
		head := fmt.Sprintf("\n### %s (%d)\n", status, len(r.With(status)))
		for _, c := range r.rootsFirst(status) {
			sections = append(sections, head+r.markdownCase(c))
			head = ""
		}
	}
	head := fmt.Sprintf("\n### %s (%d)\n\n", NotRun, r.Counts.NotRun)
	for _, g := range grouped(r.With(NotRun), byReason) {
		sections = append(sections, head+fmt.Sprintf("- %s: %s\n", some(ids(g.Cases)), markdown(firstLine(g.Name))))
		head = ""
	}
	return sections
}

// markdownCase writes a case that unfolds. Between the tags and what is in them
// has to be a blank line, or it is not read as Markdown.
func (r *Report) markdownCase(c Case) string {
	var b strings.Builder
	fmt.Fprintf(&b, "\n<details><summary><b>%s</b> the %s %s<br>%s</summary>\n\n", c.ID, r.Role,
		html.EscapeString(printable(c.Title)), html.EscapeString(c.gist()))
	for _, clause := range r.requirements(c) {
		fmt.Fprintf(&b, "> **%s** %s, %s line %d: %s\n\n", clause.ID, clause.Level, clauseFile, clause.Line, clause.Text)
	}
	c.Message = shortened(c.Message, messageLimit)
	b.WriteString(fenced(c.withHints()))
	if c.Reason != "" {
		fmt.Fprintf(&b, "%s\n\n", markdown(firstLine(c.Reason)))
	}
	b.WriteString("</details>\n")
	return b.String()
}

// fenced writes a text as it is, between fences longer than any in it.
func fenced(text string) string {
	fence := "```"
	for strings.Contains(text, fence) {
		fence += "`"
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%stext\n", fence)
	for line := range strings.Lines(strings.TrimRight(text, "\n")) {
		fmt.Fprintf(&b, "%s\n", printable(strings.TrimRight(line, "\n")))
	}
	fmt.Fprintf(&b, "%s\n\n", fence)
	return b.String()
}

// codeSpan writes a text as code within a line.
func codeSpan(text string) string {
	return "<code>" + markdown(text) + "</code>"
}
