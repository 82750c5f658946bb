package main

import (
	"os"
	"runtime"
	"slices"
	"strings"
)

// repeatCommand returns what makes the command line that runs just one case:
// the one at hand, with another selection. Where that is 'xferspec test' alone, the
// target is the one of xferspec.yaml, compiled anew.
func repeatCommand(args []string) func(caseID string) string {
	before, after := repeatWords(args)
	return func(caseID string) string {
		return strings.Join(slices.Concat(before, []string{"--case", caseID}, after), " ")
	}
}

// repeatWords returns the words before and after the selection of a case, quoted.
func repeatWords(args []string) (before, after []string) {
	end := slices.Index(args, "--")
	if end < 0 {
		end = len(args)
	}
	before = []string{"xferspec"}
	dropped := []string{"--case", "--clause", "--level", "--shard", "--traces", "--requirements", "--box", "--compile", "--jobs", "--repeat"}
	for _, form := range forms {
		dropped = append(dropped, "--"+form.name)
	}
	for i := 1; i < end; i++ {
		name, _, joined := strings.Cut(args[i], "=")
		if slices.Contains([]string{"--secrets", "--fail-fast", "--last-failed", "--watch", "--undigested"}, name) { // which take no value
			continue
		}
		if !slices.Contains(dropped, name) {
			before = append(before, quoteWord(args[i]))
		} else if !joined {
			i++ // the value is a word of its own
		}
	}
	for _, word := range args[end:] {
		after = append(after, quoteWord(word))
	}
	return before, after
}

// repeat is repeatCommand of this command line, or of the one that has started it.
func (f *testFlags) repeat() func(caseID string) string {
	if f.repeatAs != "" {
		return func(caseID string) string { return f.repeatAs + " --case " + caseID }
	}
	return repeatCommand(os.Args)
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
