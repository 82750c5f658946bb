package report

import (
	"fmt"
	"path/filepath"
	"strings"

	"github.com/xferspec/xferspec/harness/trace"
)

// hints are lines for whoever looks for the cause: what came first, where it can
// be seen, and how to see it again.
func (c Case) hints() []string {
	var lines []string
	if c.Place != nil {
		lines = append(lines, "wrong:    "+c.Place.String())
	}
	if c.Trace != "" {
		lines = append(lines, "trace:    "+filepath.Join(filepath.Dir(c.Trace), c.ID+trace.TextExtension))
	}
	if c.ConsequenceOf != "" {
		lines = append(lines, "likely a consequence of "+c.ConsequenceOf)
	}
	if c.Repeat != "" {
		lines = append(lines, "repeat:   "+c.Repeat)
	}
	return lines
}

// String says in words where the place is.
func (p *Place) String() string {
	field := ""
	if p.Field != "" {
		field = ", " + p.Field
	}
	return fmt.Sprintf("byte %d%s, of frame %d from the %s on connection %d", p.Offset, field, p.Frame, p.sender(), p.Conn)
}

// withHints is the message with the hints beneath it.
func (c Case) withHints() string {
	return strings.Join(append([]string{strings.TrimRight(c.Message, "\n")}, c.hints()...), "\n")
}
