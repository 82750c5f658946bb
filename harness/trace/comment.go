package trace

import (
	"strconv"
	"strings"
)

// Comment is a remark on a place in a conversation, such as what a case found
// wrong there.
type Comment struct {
	Dir    Direction
	Frame  int    // number of the frame in its direction, from 1 as in Entry; 0 is the conversation as a whole
	Offset int    // of a byte within the frame, to point at; negative for the frame as a whole
	Text   string // may have several lines
}

// commentsOn returns the comments on a frame, by its number.
func (t *Transcript) commentsOn(dir Direction, number int) []Comment {
	var on []Comment
	for _, c := range t.Comments {
		if number > 0 && c.Dir == dir && c.Frame == number {
			on = append(on, c)
		}
	}
	return on
}

// commentsBeyond returns the comments that are on none of the frames: those on
// the whole, and those on a frame that did not come.
func (t *Transcript) commentsBeyond(frames []Frame) []Comment {
	var count [len(directions)]int
	for i := range frames {
		count[frames[i].Dir]++
	}
	var beyond []Comment
	for _, c := range t.Comments {
		if c.Frame <= 0 || c.Frame > count[c.Dir] {
			beyond = append(beyond, c)
		}
	}
	return beyond
}

// printable makes text safe to print: control characters and the like are escaped.
func printable(text string) string {
	var b strings.Builder
	for _, r := range text {
		if strconv.IsPrint(r) {
			b.WriteRune(r)
		} else {
			b.WriteString(strings.Trim(strconv.QuoteRuneToASCII(r), "'"))
		}
	}
	return b.String()
}
