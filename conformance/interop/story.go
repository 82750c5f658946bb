package interop

import (
	"fmt"
	"slices"
	"strings"

	"github.com/xferspec/xferspec/harness/fault"
	"github.com/xferspec/xferspec/harness/trace"
	"github.com/xferspec/xferspec/spec"
)

// Story is what passed through a Link, in the order in which it did.
type Story []fault.Frame

// Thanked says whether the last words were a 1029 and the answer to it.
func (s Story) Thanked() bool {
	n := len(s)
	return n > 1 && s[n-2].Type == spec.TypeCRCOK && s[n-1].Type == spec.TypeThanks
}

// Changed says whether any fault touched a frame.
func (s Story) Changed() bool {
	return slices.ContainsFunc(s, func(f fault.Frame) bool { return len(f.Changes) > 0 })
}

// String tells the story, a line for each frame; the packets of a transfer are
// one.
func (s Story) String() string {
	const most = 40
	var lines []string
	for i := 0; i < len(s); {
		n := s[i:].run()
		lines = append(lines, s[i:i+n].line())
		i += n
	}
	if len(lines) > most {
		lines = append(lines[:most], fmt.Sprintf("and %d more", len(lines)-most))
	}
	if len(lines) == 0 {
		return "nothing was sent"
	}
	return strings.Join(lines, "\n")
}

// run returns how many frames at the beginning are packets of one transfer; 1
// where the first is no packet.
func (s Story) run() int {
	n := 1
	for n < len(s) && s[n].Packet > 1 && s[n].Conn == s[0].Conn && s[n].Packet == s[n-1].Packet+1 {
		n++
	}
	return n
}

// line tells one frame, or the packets of one transfer.
func (s Story) line() string {
	first, last := s[0], s[len(s)-1]
	text := fmt.Sprintf("%d %s", first.Code, first.Type)
	if first.Packet > 0 {
		text += fmt.Sprintf(", packets %d to %d of %d", first.Packet, last.Packet, last.Packets)
	}
	for _, f := range s {
		for _, c := range f.Changes {
			if c.Field != "" {
				text += fmt.Sprintf(" (changed on the way: %s at offset %d)", c.Field, c.Offset)
			}
		}
	}
	if first.Dir == trace.ToClient {
		return "  -> " + text
	}
	return text
}
