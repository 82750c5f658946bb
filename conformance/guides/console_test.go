// Package guides has no program, only the guides and the test that runs what they
// show.
//
// A fenced block of language console is a session in a shell: lines that begin
// with "$ " are commands, which lines with "> " continue; what follows is what
// they print, where … stands for any text in its line, and alone for any lines.
// The blocks of a page are one session. A command that fails is followed by
// "$ echo $?", or it is a mistake of the page.
//
// A block of language powershell cannot be run here. The line before it says so,
// and of the commands that name xferspec at least the words are checked.
package guides

import (
	"bufio"
	"fmt"
	"io"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// notRun stands before a block that is not run.
const notRun = "<!-- Not run by the tests: this needs Windows. -->"

// command is one of a page's.
type command struct {
	line int      // in the page, from 1
	text string   // of several lines, if the page has them
	want []string // lines
}

// page is what a guide has to run.
type page struct {
	commands []command
	foreign  []command // of other shells
}

// parse reads the blocks of a page.
func parse(text string) (*page, error) {
	var p page
	language, before := "", ""
	for i, line := range strings.Split(text, "\n") {
		number := i + 1
		fence, isFence := strings.CutPrefix(line, "```")
		switch {
		case isFence && language == "":
			language = fence + " " // even a fence without a word opens a block
			if fence == "powershell" && before != notRun {
				return nil, fmt.Errorf("line %d: a block for PowerShell stands after the line %s", number, notRun)
			}
			if fence == "bash" || fence == "sh" || fence == "shell" {
				return nil, fmt.Errorf("line %d: a block of %s is not run: make it console", number, fence)
			}
		case isFence:
			language = ""
		case language == "powershell " && line != "":
			p.foreign = append(p.foreign, command{line: number, text: line})
		case language == "console ":
			if err := p.console(number, line); err != nil {
				return nil, err
			}
		}
		before = line
	}
	if language != "" {
		return nil, fmt.Errorf("the last block has no end")
	}
	if len(p.commands) == 0 {
		return nil, fmt.Errorf("the page has no command that is run")
	}
	return &p, nil
}

func (p *page) console(number int, line string) error {
	if text, ok := strings.CutPrefix(line, "$ "); ok {
		p.commands = append(p.commands, command{line: number, text: text})
		return nil
	}
	if len(p.commands) == 0 {
		return fmt.Errorf("line %d: output before the first command", number)
	}
	last := &p.commands[len(p.commands)-1]
	if text, ok := strings.CutPrefix(line, "> "); ok && len(last.want) == 0 {
		last.text += "\n" + text
		return nil
	}
	last.want = append(last.want, line)
	return nil
}

// shell is a session that takes commands and tells where the output of each ends.
type shell struct {
	in   io.Writer
	out  *bufio.Reader
	stop func() error
}

const mark = "\x01end of output"

func startShell(t *testing.T, folder string, env []string) *shell {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "bash", "--noprofile", "--norc")
	cmd.Dir, cmd.Env = folder, env
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	read, write := io.Pipe()
	cmd.Stdout, cmd.Stderr = write, write
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() { _ = write.CloseWithError(cmd.Wait()) }()
	return &shell{in: in, out: bufio.NewReader(read), stop: in.Close}
}

// run returns what a command prints, line by line, and its exit status.
func (s *shell) run(text string) (lines []string, status int, err error) {
	_, err = fmt.Fprintf(s.in, "{ %s\n} </dev/null; s=$?; printf '\\n%s %%d\\n' $s; (exit $s)\n", text, mark)
	if err != nil {
		return nil, 0, err
	}
	for {
		line, err := s.out.ReadString('\n')
		if err != nil {
			return lines, 0, fmt.Errorf("the shell has ended: %w", err)
		}
		line = strings.TrimSuffix(line, "\n")
		if rest, ok := strings.CutPrefix(line, mark+" "); ok {
			if n := len(lines); n > 0 && lines[n-1] == "" {
				lines = lines[:n-1] // of the mark, or of an output without a last newline
			}
			status, err = strconv.Atoi(rest)
			return lines, status, err
		}
		lines = append(lines, line)
	}
}

// matches says whether lines are as a page shows them.
func matches(want, got []string) bool {
	if len(want) == 0 {
		return len(got) == 0
	}
	if want[0] == "…" {
		for i := 0; i <= len(got); i++ {
			if matches(want[1:], got[i:]) {
				return true
			}
		}
		return false
	}
	return len(got) > 0 && matchesLine(want[0], got[0]) && matches(want[1:], got[1:])
}

func matchesLine(want, got string) bool {
	pattern := strings.ReplaceAll(regexp.QuoteMeta(want), "…", ".*")
	return regexp.MustCompile("^" + pattern + "$").MatchString(strings.TrimRight(got, " "))
}
