package report

import (
	"errors"
	"fmt"
	"strings"

	"github.com/xferspec/xferspec/harness/trace"
	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/wire"
)

// talkEntry is a frame, or the end of a direction.
type talkEntry struct {
	LeftOut int // entries before this one that are not shown
	From    string
	At      string
	Heading string
	Wrong   string   // where its first wrong byte is
	Anchor  string   // of a wrong one
	Fault   string   // what breaks the frame's layout
	Remarks []string // on this frame
	Rows    []talkRow
}

// talkRow is a line of a frame; Marked is its wrong byte.
type talkRow struct {
	Offset                int
	Before, Marked, After string // bytes, in hexadecimal
	Hidden                int
	Name, Value           string
	IsPlace               bool // it has the wrong byte, or ends where that is missing
}

// isIn says whether the place is in this entry. No place is in none.
func (p *Place) isIn(e trace.Entry) bool {
	return p != nil && e.Frame != nil && e.Dir.String() == p.Direction && e.Number == p.Frame
}

// sender is whose byte is wrong.
func (p *Place) sender() string {
	if p.Direction == trace.ToServer.String() {
		return trace.ToServer.Sender()
	}
	return trace.ToClient.Sender()
}

// text says where in a frame of that size the place is.
func (p *Place) text(size int) string {
	text := fmt.Sprintf("byte %d", p.Offset)
	if p.Field != "" {
		text += ", " + p.Field
	}
	if p.Offset >= size {
		text += ", which is missing"
	}
	return text
}

// newTalkEntry takes an entry; place is nil unless it is in this one.
func newTalkEntry(ed *spec.Edition, e trace.Entry, place *Place, comments []trace.Comment) talkEntry {
	out := talkEntry{From: e.Dir.Sender(), At: fmt.Sprintf("%.6f s", e.At.Seconds()), Heading: e.Heading}
	if e.Frame == nil {
		return out
	}
	out.Fault = faultText(e.Frame.Err)
	for _, c := range comments {
		if c.Dir == e.Dir && c.Frame == e.Number {
			out.Remarks = append(out.Remarks, shortened(c.Text, mostText))
		}
	}
	mark := -1
	if place != nil {
		mark = place.Offset
		out.Wrong = place.text(len(e.Frame.Bytes))
	}
	for _, row := range e.Frame.Rows(ed, mark) {
		out.Rows = append(out.Rows, newTalkRow(row, mark-row.Offset))
	}
	if last := len(out.Rows) - 1; last >= 0 && mark >= len(e.Frame.Bytes) {
		out.Rows[last].IsPlace = true
	}
	return out
}

// faultText says what breaks a frame's layout, and quotes the clause.
func faultText(err error) string {
	if err == nil {
		return ""
	}
	text := err.Error()
	if broken, ok := errors.AsType[*wire.Error](err); ok {
		if clause, ok := spec.LookupClause(broken.Clause); ok && broken.Accuses() {
			text += "\n" + clause.ID + ": " + clause.Text
		}
	}
	return text
}

// newTalkRow takes a row apart at the marked byte, if that is in it.
func newTalkRow(row trace.Row, mark int) talkRow {
	out := talkRow{Offset: row.Offset, Hidden: row.Hidden, Name: row.Name, Value: row.Value}
	if mark < 0 || mark >= len(row.Bytes) {
		out.Before = fmt.Sprintf("% x", row.Bytes)
		return out
	}
	out.IsPlace = true
	out.Before = fmt.Sprintf("% x", row.Bytes[:mark])
	out.Marked = fmt.Sprintf("% x", row.Bytes[mark:mark+1])
	out.After = fmt.Sprintf("% x", row.Bytes[mark+1:])
	return out
}

// size is about what the entry takes of the page, in bytes.
func (e *talkEntry) size() int {
	size := 350 + len(e.Fault) + len(strings.Join(e.Remarks, ""))
	for _, row := range e.Rows {
		size += 80 + len(row.Before) + len(row.Marked) + len(row.After) + len(row.Name) + len(row.Value)
	}
	return size
}
