package target

import (
	"crypto/rand"
	"os"
	"regexp"
	"slices"
	"strings"
)

// markName is the variable by which a program's children are known for its own.
const markName = "XFERSPEC_TARGET"

// secretWords are in the names of variables that nobody means to hand to a
// program under test, as one of the words that underscores part.
var secretWords = []string{
	"TOKEN", "TOKENS", "SECRET", "SECRETS", "PASSWORD", "PASSWORDS", "PASSWD", "PASS", "PASSPHRASE",
	"CREDENTIAL", "CREDENTIALS", "KEY", "KEYS", "APIKEY", "AUTH", "COOKIE", "PAT", "JWT",
}

// secretPrefixes begin the names of a CI system's own variables: with some of
// them, later steps can be told what to do.
var secretPrefixes = []string{"GITHUB_", "ACTIONS_"}

// login is a user and a password in an address.
var login = regexp.MustCompile(`://[^/@\s]*:[^/@\s]+@`)

// environment returns this process's environment without what looks like a
// secret, and with a fresh mark. A variable that a program does need is given in
// its command: env NAME=value PROGRAM.
func environment() (env []string, mark string) {
	for _, entry := range os.Environ() {
		if name, value, _ := strings.Cut(entry, "="); !secret(name, value) && name != markName {
			env = append(env, entry)
		}
	}
	mark = rand.Text()
	return append(env, markName+"="+mark), mark
}

// secret says whether a variable looks like one.
func secret(name, value string) bool {
	name = strings.ToUpper(name)
	for _, prefix := range secretPrefixes {
		if strings.HasPrefix(name, prefix) {
			return true
		}
	}
	words := strings.Split(name, "_")
	return slices.ContainsFunc(words, func(word string) bool { return slices.Contains(secretWords, word) }) || login.MatchString(value)
}
