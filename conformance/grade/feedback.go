package grade

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/xferspec/xferspec/conformance/explain"
	"github.com/xferspec/xferspec/conformance/report"
	"github.com/xferspec/xferspec/spec"
)

// mostCauses is how many causes a role's feedback explains; who has more to do
// begins with these.
const mostCauses = 12

// feedback writes for people who know their own language, in Markdown.
type feedback struct {
	w   io.Writer
	err error
}

func (f *feedback) printf(format string, args ...any) {
	if f.err == nil {
		_, f.err = fmt.Fprintf(f.w, format, args...)
	}
}

// WriteFeedback writes what one submission's author is to read.
func (s *Sheet) WriteFeedback(w io.Writer, g *Graded) error {
	i := slices.IndexFunc(s.Submissions, func(l Line) bool { return l.Name == g.Name })
	if i < 0 {
		return fmt.Errorf("feedback: there is no line for %s", g.Name)
	}
	ed, err := spec.LookupEdition(s.Edition)
	if err != nil {
		return err
	}
	line, f := s.Submissions[i], &feedback{w: w}
	f.printf("# %s\n\n%s: **%s of %s points**.\n\n", markdown(g.Name), markdown(s.Scale.Name), number(line.Points), number(s.Scale.Total))
	if len(s.Cases) > 0 {
		f.printf("This is a first look: only some checks were made, and the points are of these alone.\n\n")
	}
	f.printf("| part | points | of |\n|---|---:|---:|\n")
	for k, part := range s.Scale.Parts {
		f.printf("| %s: %s | %s | %s |\n", part.Role, markdown(part.Name), number(line.Parts[k]), number(part.Points))
	}
	if line.Note != "" {
		f.printf("\nA note: %s.\n", markdown(line.Note))
	}
	for _, part := range line.Roles {
		f.role(part, g.Reports[part.Role])
		if r := g.Reports[part.Role]; r != nil && r.Counts.Judged() > 0 {
			f.unearned(s.Scale, ed, part.Role, r)
		}
	}
	if f.err != nil {
		return fmt.Errorf("write the feedback: %w", f.err)
	}
	return nil
}

func (f *feedback) role(part Part, r *report.Report) {
	f.printf("\n## The %s\n\n", part.Role)
	if part.Reason != "" {
		what := map[Outcome]string{NotRun: "It is *not run*: nothing of it could be judged", Incomplete: "It is *incomplete*: not all of it could be judged"}[part.Outcome]
		f.printf("%s:\n\n%s\n", cmp.Or(what, "To know"), quoted(part.Reason))
	}
	for _, limit := range part.Limits {
		f.printf("While it was tested, %s.\n\n", limit)
	}
	if r == nil || r.Counts.Judged() == 0 {
		return
	}
	n := r.Counts
	f.printf("%d of the %d checks that apply passed, %d failed, %d found something that would be better otherwise. [All of them, with what was sent and what came back](./%s.html).\n",
		n.Passed, n.Applicable(), n.Failed, n.Warned, part.Role)
	causes := causesOf(r)
	if len(causes) == 0 {
		return
	}
	f.printf("\nWhat is wrong, what hurts most first:\n")
	for i, c := range causes {
		if i == mostCauses {
			f.printf("\nAnd %d more; begin with these.\n", len(causes)-mostCauses)
			break
		}
		f.cause(i+1, c)
	}
}

// finding is a clause that a report says is broken, with the cases that say so
// and other clauses with the same usual cause.
type finding struct {
	clauses []spec.Clause
	cases   []report.Case
	cause   *explain.Cause // nil where none is known
	role    spec.Role
	also    int // cases that came to nothing because of these
}

// causesOf puts the failures together that have a usual cause in common, those
// with most failures first.
func causesOf(r *report.Report) []finding {
	var all []finding
	role := map[string]spec.Role{spec.Server.String(): spec.Server, spec.Client.String(): spec.Client}[r.Role]
	for _, c := range r.With(report.Failed) {
		clause, ok := spec.LookupClause(c.Clauses[0])
		if c.ConsequenceOf != "" || !ok {
			continue
		}
		f := finding{clauses: clausesOf(c), cases: []report.Case{c}, role: role}
		if causes := explain.Causes(clause.ID); len(causes) > 0 {
			f.cause = &causes[0]
		}
		same := func(other finding) bool {
			return other.clauses[0].ID == clause.ID || f.cause != nil && other.cause != nil && f.cause.ID == other.cause.ID
		}
		if i := slices.IndexFunc(all, same); i >= 0 {
			all[i].cases = append(all[i].cases, c)
			for _, clause := range f.clauses {
				if !slices.ContainsFunc(all[i].clauses, func(other spec.Clause) bool { return other.ID == clause.ID }) {
					all[i].clauses = append(all[i].clauses, clause)
				}
			}
			continue
		}
		all = append(all, f)
	}
	for i := range all {
		for _, c := range r.Cases {
			if slices.ContainsFunc(all[i].cases, func(root report.Case) bool { return follows(c, root.ID) }) {
				all[i].also++
			}
		}
	}
	slices.SortStableFunc(all, func(a, b finding) int { return len(b.cases) + b.also - len(a.cases) - a.also })
	return all
}

// clausesOf returns the clauses that a case is about, the one that it tests first.
func clausesOf(c report.Case) (all []spec.Clause) {
	for _, id := range c.Clauses {
		if clause, ok := spec.LookupClause(id); ok {
			all = append(all, clause)
		}
	}
	return all
}

// unearned names the clauses of the rubric that cost points, and why, so that
// every point that is lost can be found.
func (f *feedback) unearned(scale Scale, ed *spec.Edition, role string, r *report.Report) {
	of := states(r)
	lost := map[State][]string{}
	for _, part := range scale.Parts {
		for _, id := range part.IDs {
			state, tested := of[id]
			if state == Warned {
				state = Broken // one that the rubric wants, though it is a SHOULD
			}
			if tested && part.Role == role && !earns(ed, id, of[id]) && !slices.Contains(lost[state], id) {
				lost[state] = append(lost[state], id)
			}
		}
	}
	if ids := lost[Broken]; len(ids) > 0 {
		f.printf("\nClauses that cost points because they are broken: %s.\n", strings.Join(ids, ", "))
	}
	if ids := lost[Unseen]; len(ids) > 0 {
		f.printf("\nClauses that cost points because no check of them came to a verdict, most often for one of the mistakes above: %s.\n", strings.Join(ids, ", "))
	}
}

// mostLines is how much of a message the feedback shows; the report has all.
const mostLines = 24

func shortened(text string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	if len(lines) > mostLines {
		lines = append(lines[:mostLines], "…")
	}
	return strings.Join(lines, "\n")
}

// follows says whether a case came to nothing because of another one.
func follows(c report.Case, root string) bool {
	return c.ConsequenceOf == root || c.Status == report.NotRun && strings.Contains(c.Reason, root)
}

func (f *feedback) cause(number int, c finding) {
	first := c.cases[0]
	f.printf("\n### %d. The %s does not do this: it %s\n\n", number, c.role, markdown(first.Title))
	if first.Message != "" {
		f.printf("%s\n", quoted(shortened(first.Message)))
	}
	f.printf("The text says:\n\n")
	for _, clause := range c.clauses {
		f.printf("> %s: %s\n\n", clause.ID, clause.Text)
	}
	if why, ok := explain.WhyOf(c.clauses[0].ID); ok {
		f.printf("Why it matters: %s\n\n", why.Text)
	}
	if c.cause != nil {
		f.printf("What usually causes it: %s. %s\n\n", strings.TrimRight(c.cause.Title, "."), c.cause.Effect)
		if snippets := c.cause.Snippets(c.role); len(snippets) > 0 {
			fence := map[string]string{"Python": "python", "C++": "cpp"}[snippets[0].Language]
			f.printf("```%s\n%s\n```\n\n", fence, strings.TrimRight(snippets[0].Code, "\n"))
		}
	}
	var ids []string
	for _, other := range c.cases {
		ids = append(ids, other.ID)
	}
	f.printf("Seen by %s", strings.Join(ids, ", "))
	if c.also > 0 {
		f.printf("; %d more came to nothing because of it", c.also)
	}
	f.printf(". To see it yourself:\n\n%s", quoted(first.Repeat))
}

// markdown keeps a text from being taken for Markdown or HTML.
func markdown(text string) string {
	var b strings.Builder
	for _, r := range clean(text) {
		if strings.ContainsRune("\\`*_[]<>&#|!~", r) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// quoted shows a text as it is, in lines of its own.
func quoted(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		fmt.Fprintf(&b, "    %s\n", clean(strings.TrimRight(line, "\r\n")))
	}
	return b.String()
}
