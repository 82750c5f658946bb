package selftest

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/xferspec/xferspec/spec"
)

// WriteMarkdown writes the kill matrix: the mutants of each role with the cases
// that find them out, the clauses with their mutants, and the variations. It has
// nothing in it that differs from run to run.
func (r *Result) WriteMarkdown(w io.Writer) error {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%d mutants, %d of them not found out; %d variations, %d of them accused; %d MUST cases that find out none.\n",
		r.Counts.Mutants, r.Counts.Survived, r.Counts.Variations, r.Counts.Accused, r.Counts.Idle)
	for _, role := range []spec.Role{spec.Server, spec.Client} {
		r.markdownMutants(&b, role.String())
		r.markdownClauses(&b, role)
		r.markdownVariations(&b, role.String())
	}
	if len(r.Faults) > 0 {
		fmt.Fprintf(&b, "\n### Faults\n\n")
		for _, fault := range r.Faults {
			fmt.Fprintf(&b, "- %s\n", plain(fault))
		}
	}
	if _, err := w.Write(b.Bytes()); err != nil {
		return fmt.Errorf("write the kill matrix: %w", err)
	}
	return nil
}

func (r *Result) markdownMutants(b *bytes.Buffer, role string) {
	ofRole := func(m MutantResult) bool { return m.Role == role }
	if !slices.ContainsFunc(r.Mutants, ofRole) {
		return
	}
	fmt.Fprintf(b, "\n%s\n| mutant | the %s … | shows | breaks | found out by |\n|---|---|---|---|---|\n", mutantsHeading(role), role)
	for _, m := range r.Mutants {
		if ofRole(m) {
			fmt.Fprintf(b, "| %s | %s | %s | %s | %s |\n", m.ID, plain(m.About), plain(m.Often), list(m.Clauses), m.finders())
		}
	}
}

func mutantsHeading(role string) string { return "### Mutants of the " + role + "\n" }

// finders names the cases about a mutant's clauses that find it out, in few words.
func (m MutantResult) finders() string {
	switch {
	case m.Outcome != Killed:
		return "**" + string(m.Outcome) + "**"
	case m.Varies:
		return "varies"
	}
	var groups []string
	numbers := map[string][]string{}
	for _, id := range m.KilledBy {
		parts := strings.SplitN(id, "-", 3) // SRV, FRM, 12
		if numbers[parts[1]] == nil {
			groups = append(groups, parts[1])
		}
		numbers[parts[1]] = append(numbers[parts[1]], parts[2])
	}
	slices.Sort(groups)
	for i, group := range groups {
		slices.Sort(numbers[group])
		groups[i] = group + " " + strings.Join(numbers[group], " ")
	}
	return strings.Join(groups, ", ")
}

func (r *Result) markdownClauses(b *bytes.Buffer, role spec.Role) {
	mutants := map[string][]string{}
	for _, m := range r.Mutants {
		for _, id := range m.Clauses {
			if m.Role == role.String() {
				mutants[id] = append(mutants[id], m.ID)
			}
		}
	}
	if len(mutants) == 0 {
		return
	}
	fmt.Fprintf(b, "\n### Clauses for the %s, and who breaks them\n\n| clause | level | mutants |\n|---|---|---|\n", role)
	for _, clause := range spec.Clauses() {
		if clause.Roles.Has(role) && clause.Withdrawn == "" {
			fmt.Fprintf(b, "| %s | %s | %s |\n", clause.ID, clause.Level, list(mutants[clause.ID]))
		}
	}
}

func (r *Result) markdownVariations(b *bytes.Buffer, role string) {
	ofRole := func(v VariationResult) bool { return v.Role == role }
	if !slices.ContainsFunc(r.Variations, ofRole) {
		return
	}
	fmt.Fprintf(b, "\n### Variations of the %s\n\n| variation | the %s … | departs from | outcome |\n|---|---|---|---|\n", role, role)
	for _, v := range r.Variations {
		if ofRole(v) {
			fmt.Fprintf(b, "| %s | %s | %s | %s |\n", v.ID, plain(v.About), list(v.Departs), v.Outcome)
		}
	}
}

// plain keeps a text from being taken for Markdown's own signs or for HTML.
func plain(text string) string {
	return strings.NewReplacer("|", `\|`, "<", "&lt;", "*", `\*`, "_", `\_`, "`", "\\`", "\n", " ").Replace(text)
}

// Marks between which a file keeps the matrix.
const (
	matrixBegin = "<!-- the matrix begins: written by xferspec selftest --markdown -->\n"
	matrixEnd   = "<!-- the matrix ends -->\n"
)

// KeepsMatrix says whether a file has a place for the matrix of everybody, among
// other text.
func KeepsMatrix(text []byte) bool { return bytes.Contains(text, []byte(matrixBegin)) }

// ReplaceMatrix returns the text of a file with its matrix replaced.
func ReplaceMatrix(text, matrix []byte) ([]byte, error) {
	before, rest, _ := bytes.Cut(text, []byte(matrixBegin))
	_, after, ended := bytes.Cut(rest, []byte(matrixEnd))
	if !ended {
		return nil, errors.New("the matrix has no end: " + strings.TrimSpace(matrixEnd) + " is missing")
	}
	return slices.Concat(before, []byte(matrixBegin), matrix, []byte(matrixEnd), after), nil
}
