package spec

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// GroupTitle returns the title of a group of clauses in protocol.md, such as
// "registration" for "REG"; ok is false where there is no such group.
func GroupTitle(group string) (title string, ok bool) {
	title, ok = sections().titles[group]
	return title, ok
}

// Readings returns how a clause is to be read in this edition where that is not
// as in the text, by section 2.5 of protocol.md; none where it is.
func (e *Edition) Readings(clauseID string) []string {
	return slices.Clone(sections().readings[e.Name+" "+clauseID])
}

// textSections is what protocol.md says of clauses outside their own text.
type textSections struct {
	titles   map[string]string   // by group
	readings map[string][]string // by "edition clause"
}

var (
	titledGroup = regexp.MustCompile(`(?m)^### ([A-Z]{3}) — (.+)$`)
	// readingsTable is what stands below the heading of section 2.5.
	readingsTable = regexp.MustCompile(`(?s)\n### 2\.5 [^\n]*\n(.*?)\n#`)
	readingRow    = regexp.MustCompile("(?m)^\\| (`[^|]+) \\| ([A-Z]{3}-[^|]+) \\| (.+) \\|$")
)

var sections = sync.OnceValue(func() textSections {
	s, err := parseSections(protocolText)
	if err != nil {
		panic(err) // the text is compiled in, and a test parses it
	}
	return s
})

func parseSections(text string) (textSections, error) {
	s := textSections{titles: map[string]string{}, readings: map[string][]string{}}
	for _, m := range titledGroup.FindAllStringSubmatch(text, -1) {
		s.titles[m[1]] = m[2]
	}
	table := readingsTable.FindStringSubmatch(text)
	if len(s.titles) == 0 || table == nil {
		return s, fmt.Errorf("protocol.md has no groups of clauses, or no section 2.5")
	}
	for _, m := range readingRow.FindAllStringSubmatch(table[1], -1) {
		for _, edition := range strings.Split(strings.ReplaceAll(m[1], "`", ""), ", ") {
			for _, id := range strings.Split(m[2], ", ") {
				key := edition + " " + id
				s.readings[key] = append(s.readings[key], m[3])
			}
		}
	}
	return s, nil
}

var codeInText = regexp.MustCompile(`\b[0-9]{4}\b`)

// Messages returns the messages that the clause's text names, by their codes in
// the default edition, each once and in the order of the text.
func (c Clause) Messages() []MessageType {
	ed, err := LookupEdition(DefaultEdition)
	if err != nil {
		panic(err) // it is compiled in
	}
	var types []MessageType
	for _, digits := range codeInText.FindAllString(c.Text, -1) {
		t := ed.messageOf(digits)
		if t != TypeUnknown && !slices.Contains(types, t) {
			types = append(types, t)
		}
	}
	return types
}

// messageOf returns the request or response whose code is written so.
func (e *Edition) messageOf(digits string) MessageType {
	for t := TypeRegister; t < typeCount; t++ {
		if e.codes[t] != 0 && fmt.Sprint(e.codes[t]) == digits {
			return t
		}
	}
	return TypeUnknown
}
