package main

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strings"
	"time"

	"github.com/xferspec/xferspec/harness/confine"
)

// compileLimit bounds one command that compiles a target.
const compileLimit = 10 * time.Minute

// compile runs the commands that make a target, one after the other, in a folder,
// "" for this one, and in a box if there is one. The error of one that fails has
// the end of what it printed.
func compile(ctx context.Context, commands [][]string, dir string, box *confine.Box) error {
	for _, words := range commands {
		limited, cancel := context.WithTimeout(ctx, compileLimit)
		cmd := exec.CommandContext(limited, words[0], words[1:]...)
		cmd.Dir, cmd.WaitDelay = dir, endGrace
		output := &tail{}
		cmd.Stdout, cmd.Stderr = output, output
		err := runBoxed(cmd, box, output, cancel)
		late := errors.Is(limited.Err(), context.DeadlineExceeded)
		cancel()
		line := strings.Join(words, " ")
		switch {
		case err == nil:
		case errors.Is(ctx.Err(), context.DeadlineExceeded):
			return fmt.Errorf("'%s' was ended: %w%s", line, context.Cause(ctx), endOf(output.String()))
		case ctx.Err() != nil:
			return errors.New("interrupted")
		case errors.Is(err, exec.ErrNotFound):
			return fmt.Errorf("%s, which is to compile it, is not installed: 'xferspec doctor' says how to get it", words[0])
		case late:
			return fmt.Errorf("'%s' did not end within %s%s", line, compileLimit, endOf(output.String()))
		default:
			return fmt.Errorf("'%s' ended with %w%s", line, err, endOf(output.String()))
		}
	}
	return nil
}

// commandLines shows commands as a shell would take them.
func commandLines(commands [][]string) string {
	var lines []string
	for _, words := range commands {
		lines = append(lines, strings.Join(words, " "))
	}
	return strings.Join(lines, " && ")
}

// endOf returns the last lines of what a command printed, each indented and not
// endless.
func endOf(output string) string {
	const most, width = 20, 200
	if output = strings.TrimSpace(output); output == "" {
		return ""
	}
	lines := strings.Split(output, "\n")
	var b strings.Builder
	for _, line := range lines[max(0, len(lines)-most):] {
		if line = strings.TrimRight(line, "\r"); len(line) > width {
			line = strings.ToValidUTF8(line[:width], "") + "…"
		}
		b.WriteString("\n    " + line)
	}
	return b.String()
}
