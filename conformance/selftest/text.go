package selftest

import (
	"fmt"
	"io"
	"text/tabwriter"
	"time"
)

// WriteText writes the result for people: a line for every mutant and variation,
// then what the gate refuses, then the verdict.
func (r *Result) WriteText(w io.Writer) error {
	table := tabwriter.NewWriter(w, 0, 8, 2, ' ', 0)
	for _, m := range r.Mutants {
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\n", m.Outcome, m.Role, m.ID, list(m.Clauses), m.summary())
	}
	for _, v := range r.Variations {
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\n", v.Outcome, v.Role, v.ID, list(v.Departs), v.summary())
	}
	if err := table.Flush(); err != nil {
		return fmt.Errorf("write the selftest: %w", err)
	}
	fmt.Fprintln(w)
	for _, fault := range r.Faults {
		fmt.Fprintln(w, "fault  "+fault)
	}
	if r.Partial {
		fmt.Fprintln(w, "a part was selected: whether every MUST case kills a mutant was not asked")
	}
	if !r.Full {
		fmt.Fprintln(w, "unrelated failures were looked for in a sample of the cases; --full looks in all")
	}
	_, err := fmt.Fprintf(w, "%s: %s in %s\n", r.Verdict, r.Counts, (time.Duration(r.DurationMs) * time.Millisecond).Round(100*time.Millisecond))
	return err
}

// String names all the numbers.
func (n Counts) String() string {
	return fmt.Sprintf("%d mutants (%d survived), %d variations (%d accused), %d not run, %d unrelated failures, %d idle MUST cases",
		n.Mutants, n.Survived, n.Variations, n.Accused, n.NotRun, n.Unrelated, n.Idle)
}

// shown is how many cases a line names.
const shown = 3

func (m MutantResult) summary() string {
	text := "by " + some(m.KilledBy)
	if len(m.KilledBy) == 0 {
		text = "by none"
	}
	if len(m.Late) > 0 {
		text += ", in a second run only: " + list(m.Late)
	}
	if len(m.Unrelated) > 0 {
		text += ", unrelated: " + some(m.Unrelated)
	}
	if n := len(m.Consequences); n > 0 {
		text += fmt.Sprintf(", %d consequences", n)
	}
	if m.NotRun > 0 {
		text += fmt.Sprintf(", %d not run", m.NotRun)
	}
	return text
}

func (v VariationResult) summary() string {
	switch {
	case len(v.AccusedBy) > 0:
		return "by " + some(v.AccusedBy)
	case len(v.Warned) > 0:
		return "warned by " + some(v.Warned)
	}
	return ""
}

// some names the first of many.
func some(ids []string) string {
	if len(ids) > shown {
		return fmt.Sprintf("%s and %d more", list(ids[:shown]), len(ids)-shown)
	}
	return list(ids)
}
