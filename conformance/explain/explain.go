package explain

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/xferspec/xferspec/conformance"
	"github.com/xferspec/xferspec/spec"
)

// Explainer writes what there is about clauses, cases, groups and messages.
type Explainer struct {
	Catalogue conformance.Catalogue
	Edition   *spec.Edition // whose layouts are shown, and whose codes are meant
}

// UnknownError is an id that stands for nothing.
type UnknownError struct {
	ID   string
	Near []string // ids that look like it, the nearest first
}

// Error says what can be explained, or what was probably meant.
func (e *UnknownError) Error() string {
	if len(e.Near) > 0 {
		return fmt.Sprintf("unknown id %q: did you mean %s?", e.ID, strings.Join(e.Near, ", "))
	}
	return fmt.Sprintf("unknown id %q: name a clause (REG-6), a case (SRV-REG-04), a group (REG) or a message (1025, register); 'xferspec list' shows all", e.ID)
}

// Write explains an id: that of a clause, a case or a group, or the code or name
// of a message. Letter case, hyphens and leading zeros do not matter. What is none of these is an *UnknownError.
func (x *Explainer) Write(w io.Writer, id string) error {
	p := &printer{w: w, ed: x.Edition}
	upper := strings.ToUpper(conformance.Spelt(id))
	if clause, ok := spec.LookupClause(upper); ok {
		x.clause(p, clause)
		return p.err
	}
	if i := slices.IndexFunc(x.Catalogue, func(c conformance.CaseInfo) bool { return c.ID == upper }); i >= 0 {
		x.caseInfo(p, x.Catalogue[i])
		return p.err
	}
	if title, ok := spec.GroupTitle(upper); ok {
		x.group(p, upper, title)
		return p.err
	}
	if ed, t := x.message(strings.ToLower(id)); t != spec.TypeUnknown {
		p.ed = ed
		x.messageType(p, t)
		return p.err
	}
	return &UnknownError{id, x.near(id)}
}

func (x *Explainer) clause(p *printer, c spec.Clause) {
	p.clauseText(c)
	if c.Withdrawn != "" {
		return
	}
	p.about(c)
	p.layouts(c)
	p.causes(c, c.Roles)
	p.casesOf(x.Catalogue, func(info conformance.CaseInfo) bool { return info.Tests(c.ID) })
	p.heading("run just this")
	for _, role := range []spec.Role{spec.Server, spec.Client} {
		if c.Roles.Has(role) {
			p.printf("    xferspec test %s --clause %s -- COMMAND\n", role, c.ID)
		}
	}
}

func (x *Explainer) caseInfo(p *printer, c conformance.CaseInfo) {
	p.printf("%s  the %s %s\n", c.ID, c.Role, c.Title)
	if c.Local {
		p.printf("    needs the process and the folder of the %s: not applicable to --addr\n", c.Role)
	}
	for _, clause := range c.Clauses {
		p.printf("\n")
		p.clauseText(clause)
		p.about(clause)
	}
	first := c.Clauses[0]
	p.layouts(first)
	p.causes(first, c.Role)
	if len(c.Clauses) > 1 {
		p.heading("more causes")
		for _, clause := range c.Clauses[1:] {
			p.printf("    xferspec explain %s\n", clause.ID)
		}
	}
	p.heading("run just this")
	p.printf("    xferspec test %s --case %s -- COMMAND\n", c.Role, c.ID)
}

func (x *Explainer) group(p *printer, group, title string) {
	p.printf("%s  %s\n", group, title)
	for _, c := range spec.Clauses() {
		if c.Group() == group {
			p.printf("\n")
			p.clauseText(c)
		}
	}
	p.heading("more about one of them")
	p.printf("    xferspec explain %s-1\n", group)
}

// message returns the message of a code or a name, and an edition that has it:
// the explainer's own if it does.
func (x *Explainer) message(id string) (*spec.Edition, spec.MessageType) {
	for _, ed := range append([]*spec.Edition{x.Edition}, spec.Editions()...) {
		for _, t := range append(spec.RequestTypes(), spec.ResponseTypes()...) {
			code, ok := ed.Code(t)
			if ok && (id == t.String() || id == fmt.Sprint(code)) {
				return ed, t
			}
		}
	}
	return nil, spec.TypeUnknown
}

func (x *Explainer) messageType(p *printer, t spec.MessageType) {
	p.layout(p.ed, t)
	p.heading("code in each edition")
	for _, ed := range spec.Editions() {
		if code, ok := ed.Code(t); ok {
			p.printf("    %s  %d\n", ed.Name, code)
		} else {
			p.printf("    %s  –\n", ed.Name)
		}
	}
	p.heading("clauses")
	for _, c := range spec.Clauses() {
		if slices.Contains(involved(c), t.String()) || slices.Contains(c.Messages(), t) {
			p.item(fmt.Sprintf("%-7s %-7s", c.ID, c.Level), c.Text)
		}
	}
}
