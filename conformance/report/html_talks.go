package report

import (
	"cmp"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
)

// What the conversations may take of a page, in bytes as conversation.size counts.
const (
	pageRoom = 300 << 10
	caseRoom = 48 << 10
)

// conversationReader reads traces as long as there is room for them.
type conversationReader struct {
	folder  string
	room    int
	passing map[string][]string // HTMLOptions.Traces
}

// talks is the conversations of a case.
type talks struct {
	Case
	shown  []conversation
	hidden []string // how those are called for which there is no room
	taken  int      // of the room
}

// transcripts returns the paths of the case's traces, a conversation each.
func (c Case) transcripts() []string {
	if len(c.Traces) == 0 && c.Trace != "" {
		return []string{c.Trace}
	}
	return c.Traces
}

// readAll reads conversations: of every case the one in which it went wrong, or
// the first, and then the others as long as there is room.
func (r *conversationReader) readAll(cases []*talks) {
	for _, theRest := range []bool{false, true} {
		for _, c := range cases {
			r.read(c, theRest)
		}
	}
	for _, c := range cases {
		slices.SortFunc(c.shown, func(a, b conversation) int { return cmp.Compare(a.Number, b.Number) })
	}
}

// read reads the first conversation of a case, or the rest of them.
func (r *conversationReader) read(c *talks, theRest bool) {
	paths, kept := c.transcripts(), true
	if passing := r.passing[c.ID]; passing != nil {
		paths, kept = passing, false
	}
	for k, i := range wrongFirst(c.Place, len(paths)) {
		if (k > 0) != theRest {
			continue
		}
		talk := conversation{Number: i + 1}
		name := fmt.Sprintf("conversation %d", talk.Number)
		if kept {
			talk.Path, name = paths[i], paths[i]
		}
		if r.room <= 0 || c.taken > caseRoom {
			c.hidden = append(c.hidden, name)
			continue
		}
		path := paths[i]
		if !filepath.IsAbs(path) {
			path = filepath.Join(r.folder, path)
		}
		var place *Place
		if c.Place != nil && c.Place.Conn == talk.Number {
			place = c.Place
		}
		talk.read(path, place)
		talk.leaveOut(c.Case)
		c.shown = append(c.shown, talk)
		c.taken += talk.size()
		r.room -= talk.size()
	}
}

// wrongFirst returns 0 to n-1, that of the place before the others.
func wrongFirst(place *Place, n int) []int {
	var order []int
	for i := range n {
		if place != nil && place.Conn == i+1 {
			order = slices.Insert(order, 0, i)
		} else {
			order = append(order, i)
		}
	}
	return order
}

// leaveOut takes away what the case says itself.
func (c *conversation) leaveOut(of Case) {
	if of.ID != "" && strings.HasPrefix(c.Note, of.ID+" ") {
		c.Note = ""
	}
	said := func(remark string) bool { return of.Message != "" && strings.HasPrefix(remark, firstLine(of.Message)) }
	c.Remarks = slices.DeleteFunc(c.Remarks, said)
	for i := range c.Entries {
		c.Entries[i].Remarks = slices.DeleteFunc(c.Entries[i].Remarks, said)
	}
}
