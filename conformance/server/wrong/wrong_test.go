package wrong_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/xferspec/xferspec/conformance/internal/verdicttest"
	"github.com/xferspec/xferspec/conformance/report"
)

// mistakes are those that server.py can make.
var mistakes = []struct {
	name   string
	causes verdicttest.Findings // of the cases that speak for themselves
	says   string               // what every failure's message has in it
}{
	{name: "id-from-header", causes: verdicttest.Findings{"REG-2": report.Failed}},
	{name: "long-thanks", causes: verdicttest.Findings{
		"FRM-4":  report.Failed,
		"FRM-16": report.Warned, // what is behind 1604 hides the answers that follow
	}},
	{name: "no-empty-packet", causes: verdicttest.Findings{"FIL-25": report.Warned}},
	{name: "no-padding-check", causes: verdicttest.Findings{"FIL-13": report.Failed, "FIL-26": report.Warned}},
	{
		name: "exits", causes: verdicttest.Findings{"FIL-13": report.Failed, "FIL-26": report.Failed},
		says: "it ended: exit status 1",
	},
}

func TestServer(t *testing.T) {
	server := verdicttest.New(t, "server", "server.py")
	t.Run("correct", func(t *testing.T) {
		t.Parallel()
		verdicttest.ExpectConformant(t, server.Run(t))
	})
	for _, mistake := range mistakes {
		t.Run(mistake.name, func(t *testing.T) {
			t.Parallel()
			r := server.Run(t, "--mistake", mistake.name)
			verdicttest.Expect(t, r, mistake.causes)
			verdicttest.ExpectAllRun(t, r)
			for _, c := range r.With(report.Failed, report.Warned) {
				if !strings.Contains(c.Message, mistake.says) {
					t.Errorf("%s does not say %q:\n%s", c.ID, mistake.says, c.Message)
				}
			}
		})
	}
}

// A server that computes another checksum is told which, and judged by that in
// all else. Only the reference client cannot be brought to that.
func TestWrongChecksum(t *testing.T) {
	r := verdicttest.New(t, "server", "server.py").Run(t, "--mistake", "zlib-cksum")
	verdicttest.Expect(t, r, verdicttest.Findings{"CRC-1": report.Failed, "FIL-9": report.Failed})
	for _, c := range r.With(report.Failed) {
		if !strings.Contains(c.Message, "zlib's CRC-32") {
			t.Errorf("%s does not say what the server computes:\n%s", c.ID, c.Message)
		}
	}
	if len(r.Notes) != 1 {
		t.Errorf("notes: %q", r.Notes)
	}
	for _, c := range r.With(report.NotRun) {
		if !strings.Contains(c.Reason, "the reference client cannot") {
			t.Errorf("%s was not run: %s", c.ID, c.Reason)
		}
	}
}

// What a server that takes every recv for a message gets right is a matter of
// chance. So it is seen only that the fault is found, that it is not the end of
// the run, and that what follows from it is called so.
func TestOneRecv(t *testing.T) {
	r := verdicttest.New(t, "server", "server.py").Run(t, "--mistake", "one-recv")
	isConsequence := func(c report.Case) bool { return c.ConsequenceOf != "" }
	causes := slices.DeleteFunc(slices.Clone(r.Cases), isConsequence)
	if got := verdicttest.Found(causes)["FRM-5"]; got != report.Failed {
		t.Errorf("FRM-5: %q", got)
	}
	if len(r.Notes) == 0 {
		t.Error("no note says that the server was paced")
	}
	if n := r.Counts; n.Passed < n.Planned*2/3 {
		t.Errorf("%d of %d cases passed: one root cause painted everything red", n.Passed, n.Planned)
	}
	if !slices.ContainsFunc(r.Cases, isConsequence) {
		t.Error("nothing is called a consequence")
	}
}
