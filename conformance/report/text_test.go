package report

import (
	"bytes"
	"strings"
	"testing"
)

// A program that dies at once says the same in every run.
func TestOutputOfATargetIsShownOnce(t *testing.T) {
	const output = "\n  Traceback:\n    File \"/tmp/xferspec-client-%/main.py\"\n  NoModule"
	ended := func(folder, seconds string) string {
		return "the client ended after " + seconds + "; its last output:" + strings.ReplaceAll(output, "%", folder)
	}
	r := &Report{Role: "client", Edition: "2024a", Cases: []Case{
		{ID: "CLT-REG-01", Status: Failed, Message: "expected: a request\nactual:   none\n" + ended("17", "1.5s")},
		{ID: "CLT-KEY-01", Status: NotRun, Reason: "could not see a request:\n" + ended("18", "20ms")},
		{ID: "CLT-FIL-01", Status: NotRun, Reason: "could not see a request:\n" + ended("19", "1m2.5s")},
		{ID: "CLT-CRC-01", Status: NotRun, Reason: "could not see a request:\nsomething else"},
	}}
	r.Finish()
	text := written(t, func(b *bytes.Buffer) error { return WriteText(b, r) })
	for part, want := range map[string]int{
		"NoModule": 1, "CLT-KEY-01 CLT-FIL-01\n    could not see a request:\n      … as it is shown below\n": 1, "something else": 1,
	} {
		if got := strings.Count(text, part); got != want {
			t.Errorf("%q is there %d times, want %d:\n%s", part, got, want, text)
		}
	}
}
