package report

import (
	"fmt"
	"html/template"
	"slices"
	"strings"
)

// What the words of the cases may take of a page, in bytes as written there. A
// text gets at most mostText of its own bytes, and leastText when all is taken.
const (
	textRoom  = 150 << 10
	mostText  = 4 << 10
	leastText = 150
)

// htmlCase is a case as the page shows it.
type htmlCase struct {
	Case
	Requirements  []requirement
	Gist          string
	Lines         []messageLine
	WrongAt       string // where the first wrong byte is, if the page shows it
	Conversations []conversation
	Hidden        string // paths of others, for which there is no room
}

// messageLine is a line of a case's message.
type messageLine struct {
	Kind string // "expected", "actual" or ""
	Text string
}

// lineMarkup is about what surrounds a line of a message, in bytes.
const lineMarkup = 40

// room is what is left of a page, in bytes.
type room int

// cut returns a text as far as there is room for it.
func (r *room) cut(text string) string {
	text = shortened(text, max(leastText, min(mostText, int(*r))))
	*r -= room(len(template.HTMLEscapeString(text)) + lineMarkup*strings.Count(text, "\n"))
	return text
}

// shortened returns at most limit bytes of a text, and how many there are more.
func shortened(text string, limit int) string {
	if len(text) <= limit {
		return text
	}
	return fmt.Sprintf("%s\n(%d bytes more)", strings.ToValidUTF8(text[:limit], ""), len(text)-limit)
}

func (p *htmlPage) htmlCase(c Case, space *pageSpace) *htmlCase {
	c.Message, c.Reason = space.texts.cut(c.Message), space.texts.cut(c.Reason)
	out := &htmlCase{Case: c, Requirements: p.requirements(c), Gist: c.gist()}
	if c.Message == "" {
		return out
	}
	last := ""
	for line := range strings.SplitSeq(strings.TrimRight(c.Message, "\n"), "\n") {
		text := printable(line)
		kind, _, _ := strings.Cut(text, ":")
		switch {
		case strings.HasPrefix(text, " "): // goes on
			kind = last
		case kind != "expected" && kind != "actual":
			kind = ""
		}
		out.Lines = append(out.Lines, messageLine{kind, text})
		last = kind
	}
	return out
}

// converse gives those of the cases that found something their conversations.
func converse(cases []*htmlCase, reader *conversationReader) {
	var all []*talks
	var theirs []*htmlCase
	for _, c := range cases {
		if slices.Contains([]Status{Failed, Warned, KnownFailure}, c.Status) {
			all, theirs = append(all, &talks{Case: c.Case}), append(theirs, c)
		}
	}
	reader.readAll(all)
	for i, c := range theirs {
		c.Conversations, c.Hidden = all[i].shown, some(all[i].hidden)
		c.WrongAt = c.wrongAt()
	}
}

// wrongAt gives the wrong frame an anchor, and says where it is.
func (c *htmlCase) wrongAt() string {
	for _, talk := range c.Conversations {
		for i := range talk.Entries {
			if e := &talk.Entries[i]; e.Wrong != "" {
				e.Anchor = c.ID + "-wrong"
				return fmt.Sprintf("conversation %d, %s, %s", talk.Number, e.Heading, e.Wrong)
			}
		}
	}
	return ""
}

// clauseHTML writes a clause's Markdown, which has code and nothing else, as HTML.
func clauseHTML(text string) template.HTML {
	var b strings.Builder
	for i, part := range strings.Split(text, "`") {
		escaped := template.HTMLEscapeString(part)
		if i%2 == 1 {
			escaped = "<code>" + escaped + "</code>"
		}
		b.WriteString(escaped)
	}
	return template.HTML(b.String()) //nolint:gosec // every part is escaped
}
