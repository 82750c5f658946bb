package report

import (
	"fmt"
	"io"
	"os"
	"slices"

	"github.com/charmbracelet/colorprofile"
)

// Diff is how one report differs from an earlier one of the same role.
type Diff struct {
	Old, New             *Report
	Better, Worse, Other []Change
	Added, Gone          []Case
}

// Change is a case with another status than before.
type Change struct{ Old, New Case }

// Compare returns what changed from one report to another. One of a server and
// one of a client are an error.
func Compare(old, now *Report) (*Diff, error) {
	if old.Role != now.Role {
		return nil, fmt.Errorf("reports that cannot be compared: one is of a %s, the other of a %s", old.Role, now.Role)
	}
	d := &Diff{Old: old, New: now}
	before := map[string]Case{}
	for _, c := range old.Cases {
		before[c.ID] = c
	}
	for _, c := range now.Cases {
		was, ok := before[c.ID]
		delete(before, c.ID)
		if !ok {
			d.Added = append(d.Added, c)
		} else if c.Status != was.Status {
			d.sort(Change{was, c})
		}
	}
	for _, c := range old.Cases {
		if _, gone := before[c.ID]; gone {
			d.Gone = append(d.Gone, c)
		}
	}
	return d, nil
}

// merits order the statuses that can be ordered. A case that was not run may be
// as bad as a failed one: between these two is no better and no worse.
var merits = map[Status]int{Passed: 2, Warned: 1, Failed: 0, KnownFailure: 0, NotRun: 0}

func (d *Diff) sort(c Change) {
	before, ordered := merits[c.Old.Status]
	after, alsoOrdered := merits[c.New.Status]
	excused := c.Old.Status == KnownFailure && c.New.Status == Warned || c.Old.Status == Warned && c.New.Status == KnownFailure
	switch {
	case !ordered || !alsoOrdered || before == after || excused: // to be excused is no progress
		d.Other = append(d.Other, c)
	case before < after:
		d.Better = append(d.Better, c)
	default:
		d.Worse = append(d.Worse, c)
	}
}

// Differences says in what the two runs are not alike, so that a change may have
// other causes than the target.
func (d *Diff) Differences() []string {
	var all []string
	for _, field := range []struct{ name, old, now string }{
		{"edition", d.Old.Edition, d.New.Edition},
		{"catalogue", d.Old.Suite.Catalogue, d.New.Suite.Catalogue},
		{"requirements", d.Old.requirementSet(), d.New.requirementSet()},
		{"strict", fmt.Sprint(d.Old.Strict), fmt.Sprint(d.New.Strict)},
		{"way to reach the target", d.Old.Target.Kind, d.New.Target.Kind},
	} {
		if field.old != field.now {
			all = append(all, fmt.Sprintf("%s: %s, it was %s", field.name, printable(field.now), printable(field.old)))
		}
	}
	return all
}

// lost returns the cases that are gone although the catalogue is the same, so
// that a run of fewer cases does not pass for one that is no worse.
func (d *Diff) lost() []Case {
	if d.Old.Suite.Catalogue != d.New.Suite.Catalogue {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(d.Gone), func(c Case) bool { return c.Status == NotApplicable || c.Status == NotRun })
}

// verdictWorse says whether the new verdict is further from conformant. What is
// incomplete may hide what is not conformant.
func (d *Diff) verdictWorse() bool {
	return d.New.outcome() != Conformant && d.Old.outcome() == Conformant || d.New.Fault != "" && d.Old.Fault == ""
}

// IsWorse says whether anything got worse: a case, the verdict, or that cases
// of the same catalogue are not there any more.
func (d *Diff) IsWorse() bool { return len(d.Worse) > 0 || len(d.lost()) > 0 || d.verdictWorse() }

// WriteText writes the differences for people, what got worse last.
func (d *Diff) WriteText(w io.Writer) error {
	t := text{w: colorprofile.NewWriter(w, os.Environ()), r: d.New}
	t.printf("%s, edition %s\n  old: %s\n  new: %s\n", d.New.Role, printable(d.New.Edition), identity(d.Old), identity(d.New))
	for _, difference := range d.Differences() {
		t.printf("  not alike: %s\n", difference)
	}
	if len(d.Added) > 0 {
		t.printf("\nnew cases: %s\n    %s\n", tally(d.Added), some(ids(d.Added)))
	}
	if len(d.Gone) > 0 {
		t.printf("\ncases that are gone: %s\n    %s\n", tally(d.Gone), some(ids(d.Gone)))
	}
	t.changes("changed", d.Other)
	t.changes("better", d.Better)
	t.changes("worse", d.Worse)
	t.printf("\nverdict: %s", verdictStyles[d.New.Verdict].Render(string(d.New.Verdict)))
	if d.Old.Verdict != d.New.Verdict {
		t.printf(", it was %s", d.Old.Verdict)
	}
	t.printf("\n%s\n", d.summary())
	return t.err
}

// identity tells the runs of a report apart.
func identity(r *Report) string {
	return fmt.Sprintf("%s, %s, xferspec %s", printable(r.Target.String()), r.Started.UTC().Format("2006-01-02 15:04:05"), printable(r.Suite.Version))
}

func (t *text) changes(name string, changes []Change) {
	if len(changes) == 0 {
		return
	}
	t.printf("\n%s (%d)\n", name, len(changes))
	for _, c := range changes {
		t.printf("  %s  %s, was %s: the %s %s\n", c.New.ID, styles[c.New.Status].Render(string(c.New.Status)), c.Old.Status, t.r.Role, printable(c.New.Title))
		switch {
		case c.New.Message != "":
			t.printf("%s\n", indent(c.New.Message))
		case c.New.Reason != "":
			t.printf("%s\n", indent(c.New.Reason))
		}
	}
}

// summary is the last line.
func (d *Diff) summary() string {
	line := fmt.Sprintf("%d better, %d worse", len(d.Better), len(d.Worse))
	if n := len(d.lost()); n > 0 {
		line += fmt.Sprintf(", %d gone from the same catalogue", n)
	}
	if d.IsWorse() {
		return "worse: " + line
	}
	return "no worse: " + line
}
