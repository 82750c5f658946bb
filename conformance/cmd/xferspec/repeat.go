package main

import (
	"runtime"
	"slices"
	"strings"
)

// repeatCommand returns what makes the command line that runs just one case:
// the one at hand, with another selection.
func repeatCommand(args []string) func(caseID string) string {
	end := slices.Index(args, "--")
	if end < 0 {
		end = len(args)
	}
	var kept []string
	dropped := []string{"--case", "--clause", "--level", "--shard", "--traces", "--requirements", "--box", "--compile", "--jobs"}
	for _, form := range forms {
		dropped = append(dropped, "--"+form.name)
	}
	for i := 1; i < end; i++ {
		name, _, joined := strings.Cut(args[i], "=")
		if slices.Contains([]string{"--secrets", "--fail-fast", "--last-failed"}, name) { // which take no value
			continue
		}
		if !slices.Contains(dropped, name) {
			kept = append(kept, quoteWord(args[i]))
		} else if !joined {
			i++ // the value is a word of its own
		}
	}
	var command []string
	for _, word := range args[end:] {
		command = append(command, quoteWord(word))
	}
	return func(caseID string) string {
		words := slices.Concat([]string{"xferspec"}, kept, []string{"--case", caseID}, command)
		return strings.Join(words, " ")
	}
}

// quoteWord quotes a word for the shell of this system if it needs it.
func quoteWord(word string) string { return quoteFor(runtime.GOOS, word) }

// quoteFor quotes for a POSIX shell, or on Windows in the way that PowerShell and
// cmd both take; there a backslash is part of a path like any letter.
func quoteFor(system, word string) string {
	if system == "windows" {
		if word != "" && !strings.ContainsAny(word, " \t\n'\"$`*?[]{}()<>|&;,#~!@%^") {
			return word
		}
		return `"` + strings.ReplaceAll(word, `"`, `\"`) + `"`
	}
	if word != "" && !strings.ContainsAny(word, " \t\n'\"\\$`*?[]{}()<>|&;#~!") {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}
