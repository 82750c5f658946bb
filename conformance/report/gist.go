package report

import (
	"fmt"
	"strings"
)

// gistText is how many bytes of what was expected, and of what came, a gist has.
const gistText = 100

// gist is what a case found, in a line: "expected 1601, actual 1600". It is the
// first line of a message that does not say these; empty without a message.
func (c Case) gist() string {
	said := map[string]string{}
	for line := range strings.Lines(c.Message) {
		kind, rest, _ := strings.Cut(line, ":")
		if said[kind] == "" {
			said[kind] = beginning(printable(strings.TrimSpace(rest)))
		}
	}
	if said["expected"] != "" && said["actual"] != "" {
		return fmt.Sprintf("expected %s, actual %s", said["expected"], said["actual"])
	}
	return beginning(printable(firstLine(c.Message)))
}

// beginning is that of a text, if it is long.
func beginning(text string) string {
	if len(text) > gistText {
		text = strings.ToValidUTF8(text[:gistText], "") + "…"
	}
	return text
}
