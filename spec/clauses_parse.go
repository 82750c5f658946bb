package spec

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// What can be wrong with a clause. ParseClauses returns these inside a *ClauseError.
var (
	ErrClauseMalformed = errors.New("not of the form \"- **REG-6** MUST · server: text\"")
	ErrClauseDuplicate = errors.New("the id is taken by an earlier clause")
	ErrClauseGroup     = errors.New("the clause is not under the heading of its group")
	ErrClauseOrder     = errors.New("the number is lower than that of the clause before")
	ErrClauseIndent    = errors.New("a clause goes on with two spaces of indent, or ends with an empty line")
	ErrUnknownLevel    = errors.New("the level is neither MUST nor SHOULD")
	ErrUnknownRole     = errors.New("the roles are none of: server; client; server, client")
	ErrUnclosedCode    = errors.New("the code block that begins here is never closed")
)

// ClauseError is a fault in the text of the protocol.
type ClauseError struct {
	Line int    // from 1
	ID   string // of the clause, "" where the fault is not in one
	Err  error  // one of the errors above
}

// Error returns "protocol.md:line: id: reason".
func (e *ClauseError) Error() string {
	if e.ID == "" {
		return fmt.Sprintf("protocol.md:%d: %v", e.Line, e.Err)
	}
	return fmt.Sprintf("protocol.md:%d: %s: %v", e.Line, e.ID, e.Err)
}

// Unwrap returns the reason, for errors.Is.
func (e *ClauseError) Unwrap() error { return e.Err }

var (
	groupHeading = regexp.MustCompile(`^### ([A-Z]{3}) — \S`)

	// looksLikeClause is wide on purpose: a slip in a clause must be an error, for
	// otherwise the clause would silently be missing from the catalogue.
	looksLikeClause = regexp.MustCompile("^\\s*(?:[-*+]\\s*[*_`\\[]*|(?:[0-9]+[.)]\\s*)?\\*\\*)([A-Za-z]{3}-[0-9]+)\\b")

	clauseHead = regexp.MustCompile(`^- \*\*(([A-Z]{3})-([1-9][0-9]{0,3}))\*\* (.+)$`)
	clauseBody = regexp.MustCompile(`^(\S+) · ([^:]*): (.*\S)$`)
)

const withdrawnPrefix = "withdrawn: "

var levelNames = map[string]Level{"MUST": Must, "SHOULD": Should}

var roleLists = map[string]Role{"server": Server, "client": Client, "server, client": Server | Client}

// ParseClauses returns the clauses of a text in the form of protocol.md, in its
// order. A clause is a list item under its group's heading ("### REG — title");
// lines indented by two spaces continue it, an empty line ends it. Code blocks
// are skipped. The error, a *ClauseError, is the first fault in the text.
func ParseClauses(text string) ([]Clause, error) {
	p := clauseParser{taken: map[string]bool{}}
	number := 0
	for line := range strings.Lines(text) {
		number++
		if err := p.line(number, strings.TrimRight(line, " \t\r\n")); err != nil {
			return nil, err
		}
	}
	if p.codeLine != 0 {
		return nil, &ClauseError{Line: p.codeLine, Err: ErrUnclosedCode}
	}
	return p.clauses, nil
}

type clauseParser struct {
	clauses  []Clause
	taken    map[string]bool
	group    string // of the heading that the line is under, "" under any other
	last     int    // number of the group's last clause
	inClause bool   // the line before belongs to the last clause
	codeLine int    // where the code block around the line begins, 0 outside one
}

func (p *clauseParser) line(number int, line string) error {
	if strings.HasPrefix(strings.TrimLeft(line, " "), "```") {
		p.inClause = false
		if p.codeLine == 0 {
			p.codeLine = number
		} else {
			p.codeLine = 0
		}
		return nil
	}
	switch {
	case p.codeLine != 0:
		return nil
	case looksLikeClause.MatchString(line):
		return p.clause(number, line)
	case line == "", strings.HasPrefix(line, "- "):
		p.inClause = false
		return nil
	case strings.HasPrefix(line, "#"):
		p.heading(line)
		return nil
	case p.inClause:
		return p.continuation(number, line)
	}
	return nil
}

func (p *clauseParser) heading(line string) {
	p.inClause = false
	if strings.HasPrefix(line, "####") {
		return // a heading inside the group
	}
	p.group, p.last = "", 0
	if m := groupHeading.FindStringSubmatch(line); m != nil {
		p.group = m[1]
	}
}

func (p *clauseParser) clause(number int, line string) error {
	fault := func(id string, err error) error { return &ClauseError{number, id, err} }
	head := clauseHead.FindStringSubmatch(line)
	if head == nil {
		return fault(looksLikeClause.FindStringSubmatch(line)[1], ErrClauseMalformed)
	}
	id, group, rest := head[1], head[2], head[4]
	ordinal, err := strconv.Atoi(head[3])
	switch {
	case err != nil:
		return fault(id, ErrClauseMalformed)
	case group != p.group:
		return fault(id, ErrClauseGroup)
	case p.taken[id]:
		return fault(id, ErrClauseDuplicate)
	case ordinal < p.last:
		return fault(id, ErrClauseOrder)
	}
	c := Clause{ID: id, Line: number}
	if err := c.parseBody(rest); err != nil {
		return fault(id, err)
	}
	p.clauses = append(p.clauses, c)
	p.taken[id], p.last, p.inClause = true, ordinal, true
	return nil
}

// parseBody reads what stands after the id.
func (c *Clause) parseBody(body string) error {
	if reason, ok := strings.CutPrefix(body, withdrawnPrefix); ok {
		c.Withdrawn = reason
		return nil
	}
	m := clauseBody.FindStringSubmatch(body)
	if m == nil {
		return ErrClauseMalformed
	}
	var ok bool
	if c.Level, ok = levelNames[m[1]]; !ok {
		return ErrUnknownLevel
	}
	if c.Roles, ok = roleLists[m[2]]; !ok {
		return ErrUnknownRole
	}
	c.Text = m[3]
	return nil
}

func (p *clauseParser) continuation(number int, line string) error {
	c := &p.clauses[len(p.clauses)-1]
	more, ok := strings.CutPrefix(line, "  ")
	if !ok {
		return &ClauseError{number, c.ID, ErrClauseIndent}
	}
	more = " " + strings.TrimLeft(more, " \t")
	if c.Withdrawn != "" {
		c.Withdrawn += more
	} else {
		c.Text += more
	}
	return nil
}
