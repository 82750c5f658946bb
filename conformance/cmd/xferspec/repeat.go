package main

import (
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
	dropped := []string{"--case", "--clause", "--level", "--shard", "--traces", "--box", "--jobs"}
	for _, form := range forms {
		dropped = append(dropped, "--"+form.name)
	}
	for i := 1; i < end; i++ {
		name, _, joined := strings.Cut(args[i], "=")
		if name == "--secrets" { // which goes with --traces
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

// quoteWord quotes a word for a POSIX shell if it needs it.
func quoteWord(word string) string {
	if word != "" && !strings.ContainsAny(word, " \t\n'\"\\$`*?[]{}()<>|&;#~!") {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}
