package report

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/xferspec/xferspec/spec"
)

// Addresses in the SARIF view.
const (
	sarifSchemaURL = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
	projectURL     = "https://github.com/xferspec/xferspec"
)

// WriteSARIF writes what went wrong as SARIF 2.1.0: a rule for every clause that
// a case names first, a result for every case that failed or warned, at the line
// where the clause is written. The fingerprint is the same in every run in which
// that case fails in that edition.
func (r *Report) WriteSARIF(w io.Writer) error {
	run := sarifRun{
		Tool:        sarifTool{sarifDriver{Name: "xferspec", Version: r.Suite.Version, InformationURI: projectURL, Rules: []sarifRule{}}},
		Automation:  sarifAutomation{fmt.Sprintf("xferspec/%s/%s/", r.Role, r.Edition)},
		Invocations: []sarifInvocation{r.sarifInvocation()},
		Results:     []sarifResult{},
	}
	index := map[string]int{}
	for _, c := range r.Cases {
		clause := r.subject(c)
		if _, ok := index[clause.ID]; !ok {
			index[clause.ID] = len(run.Tool.Driver.Rules)
			run.Tool.Driver.Rules = append(run.Tool.Driver.Rules, sarifRuleOf(clause))
		}
		if c.Status == Failed || c.Status == Warned {
			run.Results = append(run.Results, r.sarifResult(c, clause, index[clause.ID]))
		}
	}
	if err := writeJSON(w, sarifLog{sarifSchemaURL, "2.1.0", []sarifRun{run}}); err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	return nil
}

// subject returns the clause that the case is about first. No result is lost
// because the report is of a later version, with a clause that is not known here.
func (r *Report) subject(c Case) requirement {
	if all := r.requirements(c); len(all) > 0 && all[0].ID == c.Clauses[0] {
		return all[0]
	}
	return requirement{ID: slices.Concat(c.Clauses, []string{"unknown"})[0], Level: c.Level, Line: 1, Text: "A clause that this version of xferspec does not know."}
}

func (r *Report) sarifInvocation() sarifInvocation {
	started := r.Started.UTC().Round(time.Millisecond)
	out := sarifInvocation{
		Successful: r.outcome() != Incomplete && r.Fault == "", ExitCode: r.ExitStatus(),
		Start: started, End: started.Add(time.Duration(r.DurationMs) * time.Millisecond),
	}
	notify := func(level, text string) {
		out.Notifications = append(out.Notifications, sarifNotification{level, sarifText{Text: PlainText(text)}})
	}
	for _, text := range []string{r.Fault, r.Reason} {
		if text != "" {
			notify("error", text)
		}
	}
	for _, g := range grouped(r.With(NotRun), byReason) {
		notify("error", fmt.Sprintf("not run: %s: %s", some(ids(g.Cases)), g.Name))
	}
	for _, note := range r.Notes {
		notify("note", note)
	}
	return out
}

func sarifRuleOf(clause requirement) sarifRule {
	source := fmt.Sprintf("%s line %d", clauseFile, clause.Line)
	group, _, _ := strings.Cut(clause.ID, "-")
	return sarifRule{
		ID:    clause.ID,
		Short: sarifText{Text: clause.ID + " " + clause.Level},
		Full:  sarifText{Text: clause.Text},
		Help: sarifText{
			Text:     fmt.Sprintf("%s\n\n%s", clause.Text, source),
			Markdown: fmt.Sprintf("**%s** %s: %s\n\n%s", clause.ID, clause.Level, clause.Text, source),
		},
		Config:     sarifRuleConfig{sarifLevel(clause.Level == spec.Must.String())},
		Properties: sarifProperties{[]string{group, clause.Level}},
	}
}

func sarifLevel(binding bool) string {
	if binding {
		return "error"
	}
	return "warning"
}

func (r *Report) sarifResult(c Case, clause requirement, rule int) sarifResult {
	message := fmt.Sprintf("%s: the %s %s\n%s", c.ID, r.Role, c.Title, c.withHints())
	return sarifResult{
		RuleID: clause.ID, RuleIndex: rule,
		Level:   sarifLevel(c.Status == Failed || r.Strict),
		Message: sarifText{Text: PlainText(message)},
		Locations: []sarifLocation{{
			Physical: sarifPhysical{sarifArtifact{clauseFile}, sarifRegion{clause.Line}},
			Logical:  []sarifLogical{{c.ID, PlainText(r.Role + "/" + c.Group + "/" + c.ID)}},
		}},
		Fingerprints: map[string]string{"xferspecCase/v1": fmt.Sprintf("%s %s %s", r.Edition, c.ID, clause.ID)},
	}
}
