package report

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// hostile is what a target may say to break out of a view.
const hostile = "\x1b[31m</script><b>&|`*_[x](y)]]>\u202e\x00 \"'"

// sample is a report with a case of every status, each with all that it can have.
func sample() *Report {
	r := &Report{
		Edition: "2024c", Role: "server", Started: time.Date(2027, 1, 2, 3, 4, 5, 678_000_000, time.UTC), DurationMs: 1234,
		Suite:  Suite{Version: "devel", Catalogue: "0123456789abcdef", Tool: "sha256:" + string(bytes.Repeat([]byte("ab"), 32))},
		Target: Target{Kind: "command", Dir: "server", Command: []string{"./server", hostile}, Digest: "sha256:" + string(bytes.Repeat([]byte("cd"), 32))},
		Notes:  []string{"one message at a time: " + hostile},
	}
	for _, c := range []Case{
		{ID: "SRV-REG-04", Title: "answers a free name with 1600", Group: "registration", Clauses: []string{"REG-3"}, Level: "MUST", Status: Passed},
		{
			ID: "SRV-REG-06", Title: "refuses a taken name with 1601", Group: "registration", Clauses: []string{"REG-6", "ERR-5"}, Level: "MUST", Status: Failed,
			Message: "sent:     1025 register\nexpected: 1601 registration-refused\nactual:   " + hostile + "\nbytes:    00 ff",
		},
		{
			ID: "SRV-STO-04", Title: "keeps names over a restart", Group: "storage", Clauses: []string{"STO-4", "REG-6"}, Level: "SHOULD", Status: Warned,
			Message: "expected: 1606\nactual:   nothing", ConsequenceOf: "SRV-REG-06",
		},
		{ID: "SRV-FRM-05", Title: "takes single bytes", Group: "segmentation", Clauses: []string{"FRM-5"}, Level: "MUST", Status: KnownFailure, Message: "expected: 1600\nactual:   1607", Reason: "recv: " + hostile},
		{ID: "SRV-STO-01", Title: "reads port.info", Group: "storage", Clauses: []string{"STO-1"}, Level: "MUST", Status: NotApplicable, Reason: "an address shows only the wire"},
		{ID: "SRV-FIL-01", Title: "takes a file", Group: "file transfer", Clauses: []string{"FIL-7"}, Level: "MUST", Status: NotRun, Reason: "could not register\n" + hostile},
	} {
		c.DurationMs, c.Repeat = 17, "xferspec test server --case "+c.ID+" -- ./server"
		r.Cases = append(r.Cases, c)
	}
	r.Finish()
	return r
}

// written returns what one of the views writes.
func written(t *testing.T, write func(*bytes.Buffer) error) string {
	t.Helper()
	var b bytes.Buffer
	if err := write(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// inFile writes a text into a file of its own.
func inFile(t *testing.T, text string) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
