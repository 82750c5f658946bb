package report

import "github.com/xferspec/xferspec/spec"

// requirement is a clause as it holds in the edition of a report.
type requirement struct {
	ID, Level string
	Line      int    // in clauseFile
	Text      string // in Markdown
}

// clauseFile is where the clauses are written.
const clauseFile = "spec/protocol.md"

// requirements returns the clauses of a case. One that this program does not
// know, in a report of a later version, is left out.
func (r *Report) requirements(c Case) []requirement {
	var all []requirement
	for _, id := range c.Clauses {
		if clause, ok := spec.LookupClause(id); ok {
			all = append(all, r.requirement(clause))
		}
	}
	return all
}

// requirement states a clause, with its level in the edition if that is known.
func (r *Report) requirement(clause spec.Clause) requirement {
	level := clause.Level
	if edition, err := spec.LookupEdition(r.Edition); err == nil {
		level = edition.Level(clause)
	}
	out := requirement{clause.ID, level.String(), clause.Line, clause.Text}
	if clause.Withdrawn != "" {
		out.Level, out.Text = "withdrawn", clause.Withdrawn
	}
	return out
}
