package clients

import (
	"bytes"
	"io"
)

// errorWords is what the reference prints on an error response (RTY-1).
const errorWords = "server responded with an error"

// done is what a client says that says the same after a success and a failure.
const done = "done"

// filter writes the lines that are wanted.
type filter struct {
	to     io.Writer
	wanted func(line []byte) bool
}

// Write takes one line, as the reference writes each at once.
func (f filter) Write(line []byte) (int, error) {
	if f.wanted(line) {
		return f.to.Write(line)
	}
	return len(line), nil
}

// laconic has the client print nothing but what the protocol demands.
func laconic(p *process) {
	p.stdout = filter{p.stdout, func(line []byte) bool { return bytes.Contains(line, []byte(errorWords)) }}
}

// claimingSuccess has the client say and return after some failures what it says and
// returns after a success.
func claimingSuccess(failure func(err error) bool) mutation {
	return all(laconic, ending(func(err error, text string, status int) (string, int) {
		if err == nil || failure(err) {
			return done + "\n", 0
		}
		return text, status
	}))
}
