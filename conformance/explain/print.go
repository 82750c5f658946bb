package explain

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/xferspec/xferspec/conformance"
	"github.com/xferspec/xferspec/spec"
)

// width is the longest line of prose, in characters.
const width = 79

// printer writes until the first error, and keeps it.
type printer struct {
	w   io.Writer
	ed  *spec.Edition
	err error
}

func (p *printer) printf(format string, args ...any) {
	if p.err == nil {
		_, p.err = fmt.Fprintf(p.w, format, args...)
	}
}

func (p *printer) heading(text string) { p.printf("\n%s\n", text) }

// prose prints a text broken into lines that begin with indent.
func (p *printer) prose(indent, text string) {
	line := ""
	for word := range strings.FieldsSeq(text) {
		if line != "" && len(indent)+len(line)+1+len(word) > width {
			p.printf("%s%s\n", indent, line)
			line = ""
		}
		line = strings.TrimLeft(line+" "+word, " ")
	}
	p.printf("%s%s\n", indent, line)
}

// item prints a text beneath its name.
func (p *printer) item(name, text string) {
	p.printf("    %s\n", strings.TrimRight(name, " "))
	p.prose("        ", text)
}

func (p *printer) clauseText(c spec.Clause) {
	if c.Withdrawn != "" {
		p.printf("%s  withdrawn: %s\n", c.ID, c.Withdrawn)
		return
	}
	p.printf("%s  %s, %s (spec/protocol.md line %d)\n", c.ID, c.Level, c.Roles, c.Line)
	p.prose("    ", c.Text)
}

// about prints why a clause is there and what the editions make of it.
func (p *printer) about(c spec.Clause) {
	if why, ok := WhyOf(c.ID); ok {
		p.printf("\n")
		p.prose("    ", "Why: "+why.Text)
	}
	p.printf("\n")
	p.prose("    ", "Level: "+levels(c))
	readings, editions := grouped(func(ed *spec.Edition) []string { return ed.Readings(c.ID) })
	for i, reading := range readings {
		p.prose("    ", "In "+editions[i]+": "+reading+".")
	}
}

// grouped returns what is said of the editions, each sentence once, and of which
// editions each is said.
func grouped(said func(*spec.Edition) []string) (sentences, editions []string) {
	for _, ed := range spec.Editions() {
		for _, sentence := range said(ed) {
			if i := slices.Index(sentences, sentence); i >= 0 {
				editions[i] += ", " + ed.Name
			} else {
				sentences, editions = append(sentences, sentence), append(editions, ed.Name)
			}
		}
	}
	return sentences, editions
}

// levels says how binding a clause is in each edition.
func levels(c spec.Clause) string {
	parts, editions := grouped(func(ed *spec.Edition) []string {
		if reason := ed.Excludes(c.ID); reason != "" {
			return []string{"does not apply (" + reason + ")"}
		}
		return []string{ed.Level(c).String()}
	})
	if len(parts) == 1 {
		return parts[0] + " in every edition"
	}
	for i, level := range parts {
		parts[i] = level + " in " + editions[i]
	}
	return strings.Join(parts, "; ")
}

// causes prints the usual causes, the language of the role first.
func (p *printer) causes(c spec.Clause, roles spec.Role) {
	all := Causes(c.ID)
	if len(all) == 0 {
		return
	}
	p.heading("usual causes")
	for i, cause := range all {
		if i > 0 {
			p.printf("\n")
		}
		p.printf("    %s\n", cause.Title)
		p.prose("        ", cause.Effect)
		for _, s := range cause.Snippets(roles) {
			p.printf("\n      %s:\n", s.Language)
			for line := range strings.Lines(s.Code) {
				p.printf("%s\n", strings.TrimRight("        "+line, "\n "))
			}
		}
	}
}

func (p *printer) casesOf(all conformance.Catalogue, tests func(conformance.CaseInfo) bool) {
	p.heading("cases")
	for _, c := range all {
		if tests(c) {
			p.printf("    %s  the %s %s\n", c.ID, c.Role, c.Title)
		}
	}
}
