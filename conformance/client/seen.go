package client

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/xferspec/xferspec/conformance/interop"
	"github.com/xferspec/xferspec/harness/peer"
	"github.com/xferspec/xferspec/harness/target"
	"github.com/xferspec/xferspec/spec"
)

// run is what was seen of one run of the client.
type run struct {
	stage
	*target.Run
	returning bool // it began where an earlier run ended,
	known     bool // and that one got so far that the server has a public key
	seen      *peer.Conversation
	server    *interop.ReferenceServer // on the other side; nil if that was the harness itself
	err       error                    // the run could not be made
}

// String tells the run, for a failure's message.
func (r *run) String() string {
	return fmt.Sprintf("requests and answers:\n%s%s\nthe client %s; its last output:\n%s",
		indent(r.seen.String()), r.keyHint(), r.ending(), indent(lastLines(r.Output, 12)))
}

// ending says how the client ended.
func (r *run) ending() string {
	how := fmt.Sprintf("ended with exit status %d", r.ExitCode)
	switch {
	case r.TimedOut:
		how = "did not end and was killed"
	case r.Signal != "":
		how = "was ended by a signal, " + r.Signal + ","
	}
	text := fmt.Sprintf("%s after %s", how, r.Duration.Round(time.Millisecond))
	if r.Leftover {
		text += " and left processes running"
	}
	return text
}

// indent sets a text off.
func indent(text string) string {
	if text == "" {
		text = "none"
	}
	return "  " + strings.ReplaceAll(text, "\n", "\n  ")
}

func lastLines(text string, n int) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return strings.Join(lines[max(0, len(lines)-n):], "\n")
}

// longestFile is what a client may make of a file of its own, or of the one that
// it was to send, in bytes.
const longestFile = 64 << 20

// read returns a file of the client's folder as the run left it.
func (r *run) read(name string) ([]byte, error) { return target.ReadFile(r.Dir, name, longestFile) }

// endedWell says whether the client ended with success.
func (r *run) endedWell() bool { return !r.TimedOut && r.Signal == "" && r.ExitCode == 0 }

// prints returns how often words are in the run's output, in any letter case.
func (r *run) prints(words string) int {
	return strings.Count(strings.ToLower(r.Output), strings.ToLower(words))
}

// ids returns the ids that the server gave out for a name.
func (r *run) ids(name string) []string {
	var ids []string
	for _, a := range r.seen.Accounts {
		if a.Name == name {
			ids = append(ids, a.ID.String())
		}
	}
	return ids
}

// order returns the types of the requests about files in the order in which
// they came, the packets of one transfer as one.
func (r *run) order() []spec.MessageType {
	var types []spec.MessageType
	for _, q := range r.seen.Requests {
		switch q.Type() {
		case spec.TypeFile:
			if q.Answer != "" {
				types = append(types, q.Type())
			}
		case spec.TypeCRCOK, spec.TypeCRCBad, spec.TypeCRCAbort:
			types = append(types, q.Type())
		default:
		}
	}
	return types
}

// variable is what differs between two runs that print the same: ids, names
// with a number in them, checksums, durations.
var variable = regexp.MustCompile(`[0-9A-Fa-f]*\d[0-9A-Fa-f]*`)

// claim is what a client tells its caller about how a run went: all of its
// output but for what differs from run to run anyway, and its exit status.
func (r *run) claim() string {
	return fmt.Sprintf("%s(exit status %d)", variable.ReplaceAllString(r.Output, "#"), r.ExitCode)
}
