package grade

import (
	"cmp"
	"fmt"
	"io"
	"slices"

	"github.com/xferspec/xferspec/conformance/report"
	"github.com/xferspec/xferspec/spec"
)

// SheetSchema names the JSON form of a Sheet; fields are added to it, never changed.
const SheetSchema = "xferspec-class/1"

// Sheet is the class as a whole.
type Sheet struct {
	Schema  string       `json:"schema"`
	Suite   report.Suite `json:"suite"`
	Edition string       `json:"edition"`
	// Requirements are the set of cases by which everybody is judged.
	Requirements string       `json:"requirements"`
	Strict       bool         `json:"strict"`
	Roles        []string     `json:"roles"`
	Isolation    Isolation    `json:"isolation"`
	Scale        Scale        `json:"rubric"`
	Counts       Counts       `json:"counts"`
	Cases        []string     `json:"cases,omitempty"`   // the only ones that were run; none for all
	Missing      []string     `json:"missing,omitempty"` // submissions without a result
	MissingWhy   string       `json:"missingWhy,omitempty"`
	Submissions  []Line       `json:"submissions"` // by name
	Clauses      []ClauseLine `json:"clauses"`     // those that somebody breaks, the most often broken first
}

// Counts has the number of submissions by outcome.
type Counts struct {
	Submissions   int `json:"submissions"`
	Conformant    int `json:"conformant"`
	NonConformant int `json:"nonConformant"`
	Incomplete    int `json:"incomplete"`
	NotRun        int `json:"notRun"`
}

// Line is a submission.
type Line struct {
	Name       string    `json:"name"`
	Outcome    Outcome   `json:"outcome"`
	Points     float64   `json:"points"`
	Parts      []float64 `json:"parts"` // points, in the order of the rubric's parts
	Roles      []Part    `json:"roles"`
	DurationMs int64     `json:"durationMs"`
	Note       string    `json:"note,omitempty"` // what it asked for and does not get
	fault      bool
}

// Part is one role of a submission.
type Part struct {
	Role    string        `json:"role"`
	Outcome Outcome       `json:"outcome"`
	Reason  string        `json:"reason,omitempty"`
	Limits  []string      `json:"limits,omitempty"`
	Counts  report.Counts `json:"counts"`
	Broken  []string      `json:"broken"` // clauses, in the order of the text
	Report  bool          `json:"report"`
}

// ClauseLine is a clause and how many submissions break it.
type ClauseLine struct {
	ID     string   `json:"id"`
	Role   string   `json:"role"`
	Level  string   `json:"level"`
	Broken int      `json:"broken"`
	Warned int      `json:"warned"`
	Held   int      `json:"held"`
	Unseen int      `json:"unseen"` // in submissions that were run
	Who    []string `json:"who"`    // breaks it
}

// NewSheet makes the sheet of a class. What graded holds no result of is missing.
func NewSheet(class *Class, settings Settings, suite report.Suite, scale Scale, graded map[string]*Graded) (*Sheet, error) {
	ed, err := spec.LookupEdition(class.Edition)
	if err != nil {
		return nil, err
	}
	s := &Sheet{
		Schema: SheetSchema, Suite: suite, Edition: class.Edition, Requirements: class.Requirements, Strict: settings.Strict,
		Roles: class.RoleNames(), Isolation: settings.Isolation, Scale: scale, Cases: settings.Cases,
		Submissions: []Line{}, Clauses: []ClauseLine{},
	}
	clauses := map[[2]string]*ClauseLine{}
	for _, submission := range class.Submissions {
		g := graded[submission.Name]
		if g == nil {
			s.Missing = append(s.Missing, submission.Name)
			continue
		}
		of := map[string]map[string]State{}
		for role, r := range g.Reports {
			of[role] = states(r)
			count(clauses, ed, submission.Name, role, of[role])
		}
		s.Submissions = append(s.Submissions, s.line(g, ed, of, class.Differs(submission)))
	}
	s.order(clauses)
	for _, line := range s.Submissions {
		s.Counts.Submissions++
		*map[Outcome]*int{
			Conformant: &s.Counts.Conformant, NonConformant: &s.Counts.NonConformant,
			Incomplete: &s.Counts.Incomplete, NotRun: &s.Counts.NotRun,
		}[line.Outcome]++
	}
	return s, nil
}

// line is that of one submission.
func (s *Sheet) line(g *Graded, ed *spec.Edition, of map[string]map[string]State, note string) Line {
	l := Line{Name: g.Name, Note: note, Outcome: g.Outcome(s.Roles), DurationMs: g.DurationMs}
	l.Parts, l.Points = s.Scale.points(ed, of)
	for _, role := range s.Roles {
		part := Part{Role: role, Outcome: NotRun, Reason: cmp.Or(g.Reason, "it has no "+role), Broken: []string{}}
		if r, ok := g.Roles[role]; ok {
			part.Outcome, part.Reason, part.Limits, part.Report = r.Outcome, r.Reason, r.Limits, r.Report
			l.fault = l.fault || r.Fault
		}
		if r := g.Reports[role]; r != nil {
			part.Counts = r.Counts
			for _, c := range spec.Clauses() {
				if of[role][c.ID] == Broken {
					part.Broken = append(part.Broken, c.ID)
				}
			}
		}
		l.Roles = append(l.Roles, part)
	}
	return l
}

// count adds one submission's role to the clauses.
func count(clauses map[[2]string]*ClauseLine, ed *spec.Edition, name, role string, of map[string]State) {
	for id, state := range of {
		line := clauses[[2]string{role, id}]
		if line == nil {
			c, _ := spec.LookupClause(id)
			line = &ClauseLine{ID: id, Role: role, Level: ed.Level(c).String(), Who: []string{}}
			clauses[[2]string{role, id}] = line
		}
		*map[State]*int{Broken: &line.Broken, Warned: &line.Warned, Held: &line.Held, Unseen: &line.Unseen}[state]++
		if state == Broken {
			line.Who = append(line.Who, name)
		}
	}
}

// order takes over the clauses that somebody breaks.
func (s *Sheet) order(clauses map[[2]string]*ClauseLine) {
	for _, c := range spec.Clauses() {
		for _, role := range s.Roles {
			if line := clauses[[2]string{role, c.ID}]; line != nil && line.Broken+line.Warned > 0 {
				s.Clauses = append(s.Clauses, *line)
			}
		}
	}
	slices.SortStableFunc(s.Clauses, func(a, b ClauseLine) int {
		return cmp.Or(cmp.Compare(b.Broken, a.Broken), cmp.Compare(b.Warned, a.Warned))
	})
}

// Ranked returns the submissions, those with most points first.
func (s *Sheet) Ranked() []Line {
	return slices.SortedStableFunc(slices.Values(s.Submissions), func(a, b Line) int { return cmp.Compare(b.Points, a.Points) })
}

// ExitStatus returns the exit status that the contract gives to the class: a
// fault of the suite before a submission that was not judged as a whole, and
// this before one that does not conform.
func (s *Sheet) ExitStatus() int {
	switch n := s.Counts; {
	case slices.ContainsFunc(s.Submissions, func(l Line) bool { return l.fault }):
		return report.ExitFault
	case n.Submissions == 0 || n.Incomplete+n.NotRun > 0 || len(s.Missing) > 0:
		return report.ExitIncomplete
	case n.NonConformant > 0:
		return report.ExitNonConformant
	}
	return report.ExitConformant
}

// WriteJSON writes the sheet in the form that SheetSchema names.
func (s *Sheet) WriteJSON(w io.Writer) error {
	if err := writeJSON(w, s); err != nil {
		return fmt.Errorf("write the class: %w", err)
	}
	return nil
}

// String says how the class has done, in a line.
func (n Counts) String() string {
	return fmt.Sprintf("%s: %d conformant, %d non-conformant, %d incomplete, %d not run",
		plural(n.Submissions, "submission"), n.Conformant, n.NonConformant, n.Incomplete, n.NotRun)
}

// plural counts things that take an s.
func plural(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}
