package report

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/xferspec/xferspec/harness/trace"
	"github.com/xferspec/xferspec/spec"
)

// What the conversations may take of a page, in bytes as conversation.size counts.
const (
	pageRoom = 300 << 10
	caseRoom = 48 << 10
)

// largestTrace is how long a file may be in bytes to be read for a page.
const largestTrace = 32 << 20

// edgeEntries is how many entries of a long conversation are shown at each end,
// and on each side of the wrong frame.
const edgeEntries = 12

// conversation is a trace as the page shows it.
type conversation struct {
	Number  int      // from 1
	Path    string   // of the trace
	Note    string   // why it is not shown, or what is missing
	Remarks []string // on the whole of it
	Parties string
	Entries []talkEntry
}

// conversationReader reads traces as long as there is room for them.
type conversationReader struct {
	folder  string
	room    int
	passing map[string][]string // HTMLOptions.Traces
}

// transcripts returns the paths of the case's traces that are a conversation each.
func (c Case) transcripts() []string {
	if len(c.Traces) == 0 && c.Trace != "" {
		return []string{c.Trace}
	}
	return slices.DeleteFunc(slices.Clone(c.Traces), func(path string) bool {
		extension := filepath.Ext(path)
		return extension == trace.TextExtension || extension == trace.CaptureExtension
	})
}

// of returns the conversations of a case, and the paths of those for which there
// is no room. The one in which it went wrong gets the room first.
func (r *conversationReader) of(c Case) (shown []conversation, hidden []string) {
	paths := c.transcripts()
	passing := r.passing[c.ID]
	if passing != nil {
		paths = passing
	}
	room := min(caseRoom, r.room)
	for _, i := range wrongFirst(c.Place, len(paths)) {
		var place *Place
		if c.Place != nil && c.Place.Conn == i+1 {
			place = c.Place
		}
		if room <= 0 {
			name := paths[i]
			if passing != nil {
				name = fmt.Sprintf("connection %d", i+1)
			}
			hidden = append(hidden, name)
			continue
		}
		talk := conversation{Number: i + 1, Path: paths[i]}
		talk.read(r.folder, place)
		room -= talk.size()
		r.room -= talk.size()
		shown = append(shown, talk)
	}
	slices.SortFunc(shown, func(a, b conversation) int { return a.Number - b.Number })
	return shown, hidden
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

// size is about what the conversation takes of the page, in bytes.
func (c *conversation) size() int {
	size := 300
	for _, e := range c.Entries {
		size += e.size()
	}
	return size
}

// read fills the conversation in from its trace; why it cannot is the note.
func (c *conversation) read(folder string, place *Place) {
	path := c.Path
	if !filepath.IsAbs(path) {
		path = filepath.Join(folder, path)
	}
	transcript, err := readTrace(path)
	if err != nil {
		c.Note = err.Error()
		return
	}
	edition, err := spec.LookupEdition(transcript.Edition)
	if err != nil {
		c.Note = err.Error()
		return
	}
	c.fill(edition, transcript, place)
}

func readTrace(path string) (*trace.Transcript, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	if info, err := file.Stat(); err != nil || info.Size() > largestTrace {
		return nil, fmt.Errorf("too long to be shown here: more than %s", SizeText(largestTrace))
	}
	return trace.Read(file)
}

func (c *conversation) fill(ed *spec.Edition, t *trace.Transcript, place *Place) {
	c.Note = t.Note
	if t.Client != "" || t.Server != "" {
		c.Parties = fmt.Sprintf("client %s, server %s", t.Client, t.Server)
	}
	for _, comment := range t.Comments {
		if comment.Frame == 0 {
			c.Remarks = append(c.Remarks, comment.Text)
		}
	}
	entries := t.Entries(ed)
	wrong := slices.IndexFunc(entries, func(e trace.Entry) bool { return place.isIn(e) })
	leftOut := 0
	for i, e := range entries {
		atEdge := i < edgeEntries || i >= len(entries)-edgeEntries
		nearWrong := wrong >= 0 && i >= wrong-edgeEntries && i <= wrong+edgeEntries
		if !atEdge && !nearWrong {
			leftOut++
			continue
		}
		mark := (*Place)(nil)
		if i == wrong {
			mark = place
		}
		entry := newTalkEntry(ed, e, mark, t.Comments)
		entry.LeftOut, leftOut = leftOut, 0
		c.Entries = append(c.Entries, entry)
	}
	if place != nil && wrong < 0 { // what is wrong is that the frame did not come
		c.Remarks = append(c.Remarks, fmt.Sprintf("first wrong: frame %d from the %s, which did not come", place.Frame, place.sender()))
	}
}
