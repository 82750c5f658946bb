package selftest

import (
	"bytes"
	"slices"
	"strings"

	"github.com/xferspec/xferspec/conformance/mutants"
	"github.com/xferspec/xferspec/conformance/report"
	"github.com/xferspec/xferspec/spec"
)

// Record has the ids of the cases that found out a mutant when the matrix was
// written, by the mutant's role and id. Without it an assertion could go from a case
// that still finds out a mutant by another, and nobody would see.
type Record map[spec.Role]map[string][]string

// ReadRecord reads the kill matrix in a text, as WriteMarkdown writes it. Mutants
// with which it varies, or that were not found out, have no cases.
func ReadRecord(text []byte) Record {
	record := Record{}
	_, matrix, _ := bytes.Cut(text, []byte(matrixBegin))
	for _, role := range []spec.Role{spec.Server, spec.Client} {
		record[role] = map[string][]string{}
		_, section, _ := bytes.Cut(matrix, []byte(mutantsHeading(role.String())))
		section, _, _ = bytes.Cut(section, []byte("\n### "))
		for line := range strings.Lines(string(section)) {
			cells := strings.Split(strings.Trim(line, "| \n"), " | ")
			record[role][cells[0]] = parseFinders(role, cells[len(cells)-1])
		}
	}
	return record
}

// prefixes are what the matrix leaves out of the ids of cases.
var prefixes = map[spec.Role]string{spec.Server: "SRV", spec.Client: "CLT"}

// parseFinders undoes finders.
func parseFinders(role spec.Role, text string) (ids []string) {
	for group := range strings.SplitSeq(text, ", ") {
		words := strings.Fields(group)
		for _, number := range words[min(1, len(words)):] {
			ids = append(ids, strings.Join([]string{prefixes[role], words[0], number}, "-"))
		}
	}
	return ids
}

// Lost returns the recorded cases that a mutant got past this time, or that there
// are no more.
func (t Trial) Lost(m mutants.Mutant, r *report.Report) (ids []string) {
	known := t.Catalogue.IDs()
	for _, id := range t.Record[m.Role][m.ID] {
		if ended(r, id, report.Passed) || !slices.Contains(known, id) {
			ids = append(ids, id)
		}
	}
	return ids
}
