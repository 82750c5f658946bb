package target

import (
	"errors"
	"fmt"
	"strings"
	"syscall"
	"time"
	"unicode"
)

// ErrNotLocal is wrapped by the errors of whatever needs the process or the
// folder of a server that is known by its address alone.
var ErrNotLocal = errors.New("the server is known by its address alone")

// ErrNameTooLong is wrapped by the error of a run for which a file was to be
// prepared whose name is longer than the file system of the client takes.
var ErrNameTooLong = errors.New("the file system takes no name of that length")

// nameTooLong marks such an error; others it leaves alone. An engine passes on
// nothing but the words of the system.
func nameTooLong(err error) error {
	if errors.Is(err, syscall.ENAMETOOLONG) || strings.Contains(err.Error(), syscall.ENAMETOOLONG.Error()) {
		return fmt.Errorf("%w: %w", ErrNameTooLong, err)
	}
	return err
}

// ConfigError says that a command, a folder, an image or an address that the
// user gave cannot be used.
type ConfigError struct {
	Subject string // such as `command "./server"`
	Reason  string // what is wrong with it, and what to do
	Output  string // the last lines that building it printed; may be ""
	Err     error  // the cause; may be nil
}

// Error returns subject and reason in one line, and in lines of their own what was printed.
func (e *ConfigError) Error() string { return e.Subject + ": " + e.Reason + quoted(e.Output) }

// Unwrap returns the cause.
func (e *ConfigError) Unwrap() error { return e.Err }

// EngineError says that no container engine answers, or that it failed at
// something that it should be able to do.
type EngineError struct {
	Doing string // such as "make a container"
	Err   error  // the cause
	Hint  string // what the user may try; may be ""
}

// Error returns one line.
func (e *EngineError) Error() string {
	text := fmt.Sprintf("the container engine cannot %s: %s", e.Doing, oneLine(e.Err))
	if e.Hint != "" {
		text += " (" + e.Hint + ")"
	}
	return text
}

// Unwrap returns the cause.
func (e *EngineError) Unwrap() error { return e.Err }

// StartError says that a server did not come up.
type StartError struct {
	Addr   string
	Waited time.Duration
	Exit   *ExitState // how its process ended; nil while it ran, or where it is not local
	Last   error      // what Ready returned last; nil if it was never asked
	Err    error      // the error of the caller's context, if that ended the wait
	Output string     // the last lines that it printed
	Hint   string     // what the user may try; may be ""
}

// Error returns one line, and in lines of their own the last that the server printed.
func (e *StartError) Error() string {
	var text strings.Builder
	waited := e.Waited.Round(time.Millisecond)
	if e.Exit != nil {
		fmt.Fprintf(&text, "the server ended with %s after %s, before it was ready at %s", e.Exit, waited, e.Addr)
	} else {
		fmt.Fprintf(&text, "the server at %s was not ready after %s", e.Addr, waited)
	}
	for _, err := range []error{e.Err, e.Last} {
		if err != nil {
			fmt.Fprintf(&text, ": %v", err)
		}
	}
	if e.Hint != "" {
		fmt.Fprintf(&text, " (%s)", e.Hint)
	}
	return text.String() + quoted(e.Output)
}

// Unwrap returns the caller's error and that of Ready.
func (e *StartError) Unwrap() []error { return []error{e.Err, e.Last} }

// quoted puts the lines of a text below the one before, each indented.
func quoted(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		fmt.Fprintf(&b, "\n    %s", strings.Map(printable, strings.TrimRight(line, "\r\n")))
	}
	return b.String()
}

// oneLine returns an error's text without its line breaks.
func oneLine(err error) string {
	return strings.Map(printable, strings.Join(strings.Fields(err.Error()), " "))
}

// printable replaces what could steer a terminal.
func printable(r rune) rune {
	if unicode.IsPrint(r) {
		return r
	}
	return '?'
}

// lastLines returns up to n lines from the end of a text.
func lastLines(text string, n int) string {
	lines := strings.Split(strings.TrimRight(text, "\r\n"), "\n")
	return strings.Join(lines[max(0, len(lines)-n):], "\n")
}
