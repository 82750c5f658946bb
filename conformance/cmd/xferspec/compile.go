package main

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strings"
	"time"
)

// compileLimit bounds one command that compiles a target.
const compileLimit = 10 * time.Minute

// compile runs the commands that make a target, one after the other, in this
// folder. The error of one that fails has the end of what it printed.
func compile(ctx context.Context, commands [][]string) error {
	for _, words := range commands {
		limited, cancel := context.WithTimeout(ctx, compileLimit)
		cmd := exec.CommandContext(limited, words[0], words[1:]...)
		cmd.WaitDelay = endGrace
		output, err := cmd.CombinedOutput()
		late := errors.Is(limited.Err(), context.DeadlineExceeded)
		cancel()
		line := strings.Join(words, " ")
		switch {
		case err == nil:
		case ctx.Err() != nil:
			return errors.New("interrupted")
		case errors.Is(err, exec.ErrNotFound):
			return fmt.Errorf("%s, which is to compile it, is not installed: 'xferspec doctor' says how to get it", words[0])
		case late:
			return fmt.Errorf("'%s' did not end within %s", line, compileLimit)
		default:
			return fmt.Errorf("'%s' ended with %w%s", line, err, endOf(string(output)))
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

// endOf returns the last lines of what a command printed, each indented.
func endOf(output string) string {
	const most = 20
	lines := strings.Split(strings.TrimSpace(output), "\n")
	var b strings.Builder
	for _, line := range lines[max(0, len(lines)-most):] {
		b.WriteString("\n    " + strings.TrimRight(line, "\r"))
	}
	return b.String()
}
