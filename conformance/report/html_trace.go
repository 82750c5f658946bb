package report

import (
	"errors"
	"fmt"
	"io"
	"os"
	"slices"

	"github.com/xferspec/xferspec/harness/trace"
	"github.com/xferspec/xferspec/spec"
)

// largestTrace is how long a file may be in bytes to be read for a page.
const largestTrace = 32 << 20

// edgeEntries is how many entries of a long conversation are shown at each end,
// and on each side of the wrong frame.
const edgeEntries = 6

// conversation is a trace as the page shows it.
type conversation struct {
	Number  int      // from 1
	Path    string   // of the trace; "" if it is kept nowhere
	Note    string   // why it is not shown, or what is missing
	Remarks []string // on the whole of it
	Parties string
	Entries []talkEntry
}

// size is about what the conversation takes of the page, in bytes.
func (c *conversation) size() int {
	size := 300
	for _, e := range c.Entries {
		size += e.size()
	}
	return size
}

// read fills the conversation in from a file; why it cannot is the note.
func (c *conversation) read(path string, place *Place) {
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
	info, err := os.Stat(path) // before opening: a report may name anything
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, errors.New("it is not a regular file")
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	if info.Size() > largestTrace {
		return nil, fmt.Errorf("too long to be shown here: more than %s", SizeText(largestTrace))
	}
	return trace.Read(io.LimitReader(file, largestTrace))
}

func (c *conversation) fill(ed *spec.Edition, t *trace.Transcript, place *Place) {
	c.Note = t.Note
	if t.Client != "" || t.Server != "" {
		c.Parties = fmt.Sprintf("client %s, server %s", t.Client, t.Server)
	}
	for _, comment := range t.Comments {
		if comment.Frame == 0 {
			c.Remarks = append(c.Remarks, shortened(comment.Text, mostText))
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
