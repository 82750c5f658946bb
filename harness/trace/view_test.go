package trace

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// Both views of a conversation say the same.
func TestEntriesSayWhatAnnotatePrints(t *testing.T) {
	for _, name := range []string{"2024a", "2022c"} {
		ed := edition(t, name)
		tr := recorded(t, ed)
		var want []string
		for line := range strings.Lines(annotated(t, ed, tr, false)) {
			want = append(want, strings.Fields(line)...)
		}
		var got strings.Builder
		for _, e := range tr.Entries(ed) {
			fmt.Fprintf(&got, "%s %s", e.Dir, e.Heading)
			if e.Frame == nil {
				fmt.Fprintf(&got, " at %s\n", seconds(e.At))
				continue
			}
			fmt.Fprintf(&got, ", from byte %d at %s\n", e.Frame.Offset, seconds(e.At))
			for _, row := range e.Frame.Rows(ed, -1) {
				fmt.Fprintf(&got, "%d % x", row.Offset, row.Bytes)
				if row.Hidden > 0 {
					fmt.Fprintf(&got, " … +%d", row.Hidden)
				}
				fmt.Fprintf(&got, " %s %s\n", row.Name, row.Value)
			}
			if e.Frame.Err != nil {
				fmt.Fprintf(&got, "! %s\n", e.Frame.Err)
			}
		}
		title := slices.Index(want, ">")
		if words := strings.Fields(got.String()); !slices.Equal(words, want[title:]) {
			t.Errorf("%s: got\n%s\nwant\n%s", name, words, want[title:])
		}
	}
}

// The marked byte is shown wherever it lies in the frame, and every byte is
// either shown once or counted.
func TestRowsShowTheMarkedByte(t *testing.T) {
	ed := edition(t, "2024a")
	frames := recorded(t, ed).Frames(ed)
	frames = append(frames, FromBytes(ed, ToClient, make([]byte, 2000)).Frames(ed)...)
	for _, f := range frames {
		unmarked := len(f.Rows(ed, -1))
		for mark := -1; mark <= len(f.Bytes); mark++ {
			seen, next := false, 0
			rows := f.Rows(ed, mark)
			shown := func(r Row) bool { return mark >= r.Offset && mark < r.Offset+len(r.Bytes) }
			if more := len(rows) - unmarked; more < 0 || more > 1 || more == 1 && slices.ContainsFunc(f.Rows(ed, -1), shown) {
				t.Fatalf("%s mark %d: %d more rows", f.Type, mark, more)
			}
			for _, row := range rows {
				if row.Offset != next || len(row.Bytes) > rowSize || row.Hidden < 0 {
					t.Fatalf("%s mark %d: row at %d, want %d: %+v", f.Type, mark, row.Offset, next, row)
				}
				seen = seen || shown(row)
				next = row.Offset + len(row.Bytes) + row.Hidden
			}
			if next != len(f.Bytes) || seen != (mark >= 0 && mark < len(f.Bytes)) {
				t.Fatalf("%s mark %d of %d: the rows end at %d, the byte is shown: %t", f.Type, mark, len(f.Bytes), next, seen)
			}
		}
	}
}
