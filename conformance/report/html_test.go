package report

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/xferspec/xferspec/harness/trace"
	"github.com/xferspec/xferspec/spec"
)

func asHTML(t *testing.T, r *Report, folder string) string {
	t.Helper()
	return written(t, func(b *bytes.Buffer) error { return r.WriteHTML(b, HTMLOptions{Folder: folder}) })
}

func TestHTMLShowsWhatThereIs(t *testing.T) {
	page := asHTML(t, sample(), "")
	for _, want := range []string{
		`<span class="role">server</span> <span class="pill non-conformant">non-conformant</span>`,
		"<b>1</b> of 5 cases passed, 1 not applicable",
		"<b>STO-4</b> SHOULD", "<b>REG-6</b> MUST",
		`<span class="expected">expected: 1601 registration-refused</span>`,
		`Likely a consequence of <a href="#SRV-REG-06">SRV-REG-06</a>`,
		"<dt>tool</dt><dd>sha256:abab",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("%q is missing", want)
		}
	}
}

// A page asks for nothing, and nothing that a target says is markup in it.
func TestHTMLIsTame(t *testing.T) {
	folder := t.TempDir()
	r := sample()
	keep(t, folder, &r.Cases[1], conversationOf(t, 1))
	page := asHTML(t, r, folder)
	if strings.Count(page, "<script") != 1 || strings.Contains(page, "<b>&") || strings.Contains(page, "<b>Alice") {
		t.Error("what a target says is taken for markup")
	}
	if strings.ContainsAny(page, "\x1b\x00\u202e") {
		t.Error("a control character gets through")
	}
	if strings.Contains(page, "://") {
		t.Error("the page has an address in it")
	}
}

// However much goes wrong, the page stays below 1 MB.
func TestHTMLIsSmall(t *testing.T) {
	folder := t.TempDir()
	r := sample()
	kept := r.Cases[1]
	keep(t, folder, &kept, conversationOf(t, 60), conversationOf(t, 5), conversationOf(t, 60))
	r.Cases = nil
	for i := range 320 {
		clause := spec.Clauses()[i%len(spec.Clauses())]
		c := kept
		c.ID, c.Clauses = fmt.Sprintf("SRV-%s-%03d", clause.Group(), i), []string{clause.ID, "FRM-12"}
		c.Message = strings.Repeat("expected: "+hostile+"\n", 500)
		r.Cases = append(r.Cases, c)
	}
	r.Finish()
	page := asHTML(t, r, folder)
	t.Logf("%d cases, %d bytes", len(r.Cases), len(page))
	if len(page) > 1_000_000 {
		t.Errorf("%d bytes", len(page))
	}
	if !strings.Contains(page, "Not shown, to keep this page small") || !strings.Contains(page, "bytes more)") {
		t.Error("it does not say what it leaves out")
	}
}

// shownOf reads a conversation as a page does.
func shownOf(t *testing.T, talk *trace.Transcript, place *Place) conversation {
	t.Helper()
	folder := t.TempDir()
	c := Case{ID: "SRV-FIL-01", Place: place}
	keep(t, folder, &c, talk)
	reader := conversationReader{folder: folder, room: pageRoom}
	all := &talks{Case: c}
	reader.readAll([]*talks{all})
	if len(all.shown) != 1 || len(all.hidden) > 0 {
		t.Fatalf("%d conversations, and %q", len(all.shown), all.hidden)
	}
	return all.shown[0]
}

// Of a long conversation both ends and what is around the wrong frame is shown,
// and what lies between is counted.
func TestConversationIsCutAroundTheWrongFrame(t *testing.T) {
	talk := shownOf(t, conversationOf(t, 200), &Place{Conn: 1, Direction: ">", Frame: 100, Field: "content", Offset: 700})
	entries, wrong := 0, 0
	for _, e := range talk.Entries {
		entries += 1 + e.LeftOut
		if e.Wrong == "" {
			continue
		}
		wrong++
		if e.Wrong != "byte 700, content" || !strings.Contains(e.Heading, "packet 98 of 200") {
			t.Errorf("wrong is %q in %q", e.Wrong, e.Heading)
		}
		for _, row := range e.Rows {
			if row.IsPlace != (row.Offset <= 700 && 700 < row.Offset+16) {
				t.Errorf("the place is in the row %+v", row)
			}
			if row.IsPlace && row.Marked != "61" { // the content of packet 98 is bytes of 97
				t.Errorf("marked is %q", row.Marked)
			}
		}
	}
	if wrong != 1 || entries != 205 || len(talk.Entries) != 4*edgeEntries+1 {
		t.Errorf("%d wrong frames, %d entries, %d of them shown", wrong, entries, len(talk.Entries))
	}
}

func TestConversationWithoutTheWrongByte(t *testing.T) {
	short := conversationOf(t, 1)
	short.Events = short.Events[:2]
	talk := shownOf(t, short, &Place{Conn: 1, Direction: "<", Frame: 1, Field: "cksum", Offset: 99})
	if got := talk.Entries[1].Wrong; got != "byte 99, cksum, which is missing" {
		t.Errorf("a byte behind the end: %q", got)
	}
	talk = shownOf(t, short, &Place{Conn: 1, Direction: "<", Frame: 2})
	if got := strings.Join(talk.Remarks, ""); got != "first wrong: frame 2 from the server, which did not come" {
		t.Errorf("a frame that did not come: %q", got)
	}
}

func TestConversationSaysWhyItIsNotShown(t *testing.T) {
	reader := conversationReader{folder: t.TempDir(), room: pageRoom}
	got := &talks{Case: Case{Trace: "gone.xftrace"}}
	reader.readAll([]*talks{got})
	if len(got.shown) != 1 || !strings.Contains(got.shown[0].Note, "gone.xftrace: no such file") {
		t.Errorf("got %+v", got)
	}
}

// TestTraceHasToBeAFile: a report may name anything as its trace.
func TestTraceHasToBeAFile(t *testing.T) {
	dir := t.TempDir()
	long := filepath.Join(dir, "long")
	if err := errors.Join(os.WriteFile(long, nil, 0o600), os.Truncate(long, 100<<30)); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{dir: "not a regular file", long: "too long", "/dev/zero": "not a regular file", "/etc/passwd": "not a transcript"} {
		if _, err := os.Stat(path); err != nil {
			continue
		}
		reader := conversationReader{folder: dir, room: pageRoom}
		got := &talks{Case: Case{Trace: path}}
		reader.readAll([]*talks{got})
		if len(got.shown) != 1 || !strings.Contains(got.shown[0].Note, want) || len(got.shown[0].Entries) > 0 {
			t.Errorf("%s: got %+v", path, got)
		}
	}
}

// All clauses can be written as HTML by what clauseHTML knows of Markdown.
func TestClausesHaveNoOtherMarkup(t *testing.T) {
	for _, clause := range spec.Clauses() {
		if strings.Count(clause.Text, "`")%2 != 0 || strings.Contains(clause.Text, "**") || strings.Contains(clause.Text, "](") {
			t.Errorf("%s: %s", clause.ID, clause.Text)
		}
	}
}

// Every case shows the conversation in which it went wrong before any shows more.
func TestRoomGoesToWhatWentWrong(t *testing.T) {
	folder := t.TempDir()
	var all []*talks
	for _, id := range []string{"SRV-FIL-01", "SRV-FIL-02", "SRV-FIL-03"} {
		c := Case{ID: id, Place: &Place{Conn: 2, Direction: "<", Frame: 1}}
		keep(t, folder, &c, conversationOf(t, 10), conversationOf(t, 1), conversationOf(t, 10))
		all = append(all, &talks{Case: c})
	}
	small := shownOf(t, conversationOf(t, 1), nil)
	reader := conversationReader{folder: folder, room: 3*small.size() + 1}
	reader.readAll(all)
	for i, c := range all {
		want := map[int][]int{0: {1, 2}, 1: {2}, 2: {2}}[i] // there is a byte left for one more
		var got []int
		for _, talk := range c.shown {
			got = append(got, talk.Number)
		}
		if !slices.Equal(got, want) || len(got)+len(c.hidden) != 3 {
			t.Errorf("%s shows %v and hides %q, want %v", c.ID, got, c.hidden, want)
		}
	}
}

// What the recording repeats of the case is not said twice.
func TestConversationLeavesOutWhatTheCaseSays(t *testing.T) {
	talk := conversation{
		Note: "SRV-FIL-01 failed: does it", Remarks: []string{"expected: 1\nactual:   2", "another"},
		Entries: []talkEntry{{Remarks: []string{"expected: 1\nactual:   2"}}},
	}
	talk.leaveOut(Case{ID: "SRV-FIL-01", Message: "expected: 1\n(20 bytes more)"})
	if talk.Note != "" || !slices.Equal(talk.Remarks, []string{"another"}) || len(talk.Entries[0].Remarks) > 0 {
		t.Errorf("got %+v", talk)
	}
	talk = conversation{Note: "kept", Remarks: []string{"kept"}}
	talk.leaveOut(Case{})
	if talk.Note == "" || len(talk.Remarks) == 0 {
		t.Errorf("got %+v", talk)
	}
}
