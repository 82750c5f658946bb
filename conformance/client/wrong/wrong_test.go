package wrong_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/xferspec/xferspec/conformance/internal/verdicttest"
	"github.com/xferspec/xferspec/conformance/report"
)

// mistakes are those that client.py can make.
var mistakes = []struct {
	name   string
	found  verdicttest.Findings
	blocks bool // nearly all that comes after it
}{
	{name: "one-recv", found: verdicttest.Findings{"FRM-5": report.Failed}},
	{name: "three-sendings", found: verdicttest.Findings{"RTY-6": report.Warned}},
	{name: "total-plus-one", found: verdicttest.Findings{
		"FIL-6":  report.Warned,
		"FIL-29": report.Warned, // the packet too many of the largest file cannot be numbered
	}},
	{name: "no-thanks", found: verdicttest.Findings{"CRC-5": report.Failed}},
	{name: "long-key", found: verdicttest.Findings{"KEY-1": report.Failed}, blocks: true},
}

func TestClient(t *testing.T) {
	client := verdicttest.New(t, "client", "client.py")
	t.Run("correct", func(t *testing.T) {
		t.Parallel()
		verdicttest.ExpectConformant(t, client.Run(t))
	})
	for _, mistake := range mistakes {
		t.Run(mistake.name, func(t *testing.T) {
			t.Parallel()
			r := client.Run(t, "--mistake", mistake.name)
			verdicttest.Expect(t, r, mistake.found)
			if r.Verdict != report.NonConformant {
				t.Errorf("verdict %s", r.Verdict)
			}
			expectReasons(t, r)
			if n := r.Counts; mistake.blocks != (n.NotRun > n.Planned/2) {
				t.Errorf("%d of %d cases were not run", n.NotRun, n.Planned)
			}
		})
	}
}

// expectReasons checks that what could not be tested is neither held against
// the client nor passed over: each such case names one that found something.
func expectReasons(t *testing.T, r *report.Report) {
	t.Helper()
	found := r.With(report.Failed, report.Warned)
	for _, c := range r.With(report.NotRun) {
		isNamed := func(cause report.Case) bool { return strings.Contains(c.Reason, cause.ID) }
		if !slices.ContainsFunc(found, isNamed) {
			t.Errorf("%s was not run, for another reason than a mistake found: %s", c.ID, c.Reason)
		}
	}
}
