package report

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"
)

func cases(statuses ...Status) []Case {
	var all []Case
	for _, s := range statuses {
		all = append(all, Case{ID: "SRV-REG-01", Clauses: []string{"REG-3"}, Group: "registration", Level: "MUST", Status: s})
	}
	return all
}

func TestVerdict(t *testing.T) {
	tests := []struct {
		name   string
		report Report
		want   Verdict
		exit   int
	}{
		{"all passed", Report{Cases: cases(Passed, Passed)}, Conformant, 0},
		{"no case at all", Report{}, Incomplete, 3},
		{"nothing applies", Report{Cases: cases(NotApplicable)}, Incomplete, 3},
		{"some do not apply", Report{Cases: cases(Passed, NotApplicable)}, Conformant, 0},
		{"a MUST failed", Report{Cases: cases(Passed, Failed)}, NonConformant, 1},
		{"a SHOULD failed", Report{Cases: cases(Passed, Warned)}, Conformant, 0},
		{"a SHOULD failed, strictly", Report{Strict: true, Cases: cases(Passed, Warned)}, NonConformant, 1},
		{"a case was not run", Report{Cases: cases(Passed, NotRun)}, Incomplete, 3},
		{"a failure outweighs what was not run", Report{Cases: cases(Failed, NotRun)}, NonConformant, 1},
		{"a known failure", Report{Cases: cases(Passed, KnownFailure)}, Conformant, 0},
		{"a reason", Report{Reason: "target unreachable", Cases: cases(Passed)}, Incomplete, 3},
		{"a fault of the suite", Report{Fault: "panic", Cases: cases(Passed)}, Conformant, 4},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := tt.report
			r.Finish()
			if r.Verdict != tt.want || r.ExitStatus() != tt.exit {
				t.Errorf("got %s and exit %d, want %s and %d", r.Verdict, r.ExitStatus(), tt.want, tt.exit)
			}
		})
	}
}

func TestPlannedIsTheSumOfTheOthers(t *testing.T) {
	r := Report{Cases: cases(Passed, Failed, Warned, KnownFailure, NotApplicable, NotRun, Passed)}
	r.Finish()
	want := Counts{Planned: 7, Passed: 2, Failed: 1, Warned: 1, KnownFailures: 1, NotApplicable: 1, NotRun: 1}
	if r.Counts != want {
		t.Errorf("got %+v, want %+v", r.Counts, want)
	}
}

func TestJSONHasTheFieldsOfTheContract(t *testing.T) {
	r := Report{Cases: cases(Passed)}
	r.Finish()
	var out strings.Builder
	if err := r.WriteJSON(&out); err != nil {
		t.Fatal(err)
	}
	var fields struct {
		Schema  string
		Verdict string
		Counts  map[string]int
		Cases   []map[string]any
	}
	if err := json.Unmarshal([]byte(out.String()), &fields); err != nil {
		t.Fatal(err)
	}
	if fields.Schema != "xferspec-report/1" || fields.Verdict != "conformant" || fields.Counts["planned"] != 1 || fields.Cases[0]["id"] != "SRV-REG-01" {
		t.Errorf("got %s", out.String())
	}
}

// What a target says must not steer the terminal that the report is read on.
func TestTextShowsFailuresAndDropsEscapes(t *testing.T) {
	r := Report{Role: "server", Edition: "2024a", Cases: cases(Failed, Warned)}
	r.Cases[0].Message = "expected: 1601\nactual:   \x1b[2Jgone"
	r.Finish()
	var out strings.Builder
	if err := WriteText(&out, &r); err != nil {
		t.Fatal(err)
	}
	text := out.String()
	if strings.Contains(text, "\x1b") {
		t.Errorf("an escape sequence got through: %q", text)
	}
	for _, want := range []string{"REG-3 (MUST", "expected: 1601", "non-conformant: 2 cases"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing in:\n%s", want, text)
		}
	}
	if strings.Index(text, "warned  SRV") > strings.Index(text, "failed  SRV") {
		t.Errorf("failures come last:\n%s", text)
	}
}

func TestExcuse(t *testing.T) {
	known := []Known{{Case: "SRV-REG-01", Reason: "being worked on", Until: "2027-03-01"}}
	before, after := time.Date(2027, 3, 1, 23, 0, 0, 0, time.UTC), time.Date(2027, 3, 2, 0, 0, 0, 0, time.UTC)
	tests := []struct {
		name   string
		status Status
		today  time.Time
		want   Status
	}{
		{"fails as expected", Failed, before, KnownFailure},
		{"warns as expected", Warned, before, KnownFailure},
		{"fails after the last day", Failed, after, Failed},
		{"passes", Passed, before, Failed},
		{"was not run", NotRun, before, NotRun},
		{"does not apply", NotApplicable, before, NotApplicable},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := Report{Cases: cases(tt.status)}
			r.Excuse(known, tt.today)
			if got := r.Cases[0].Status; got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}

// A clause has its own level in the edition, whatever the case's is.
func TestTextShowsTheLevelsOfClauses(t *testing.T) {
	r := sample()
	var out strings.Builder
	if err := WriteText(&out, r); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"STO-4 (SHOULD, spec/protocol.md line ", "REG-6 (MUST, spec/protocol.md line "} {
		_, warned, _ := strings.Cut(out.String(), "SRV-STO-04  the server")
		if !strings.Contains(warned, want) {
			t.Errorf("%q is missing in\n%s", want, warned)
		}
	}
}

func TestHintsSayWhereAndHow(t *testing.T) {
	c := Case{
		ID: "SRV-REG-07", ConsequenceOf: "SRV-REG-06", Repeat: "xferspec test", Trace: "traces/SRV-REG-07-1.xftrace",
		Place: &Place{Conn: 2, Direction: "<", Frame: 3, Field: "content size", Offset: 24},
	}
	want := []string{
		"wrong:    byte 24, content size, of frame 3 from the server on connection 2",
		"trace:    traces/SRV-REG-07.txt",
		"likely a consequence of SRV-REG-06",
		"repeat:   xferspec test",
	}
	if got := c.hints(); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestGist(t *testing.T) {
	for message, want := range map[string]string{
		"": "",
		"sent:     1025\nexpected: 1601, or\n          1607\nactual:   1600": "expected 1601, or, actual 1600",
		"try 1 of 5\nexpected: 1\nactual:   2\nexpected: 3\nactual:   4":     "expected 1, actual 2",
		"it ended: exit status 1\nexpected: nothing":                         "it ended: exit status 1",
	} {
		if got := (Case{Message: message}).gist(); got != want {
			t.Errorf("%q: %q, want %q", message, got, want)
		}
	}
}

// What is no terminal gets colours only if somebody insists.
func TestTextHasColoursOnRequestOnly(t *testing.T) {
	t.Setenv("TERM", "xterm-256color")
	t.Setenv("NO_COLOR", "")
	for force, want := range map[string]bool{"": false, "1": true} {
		t.Setenv("CLICOLOR_FORCE", force)
		var out strings.Builder
		if err := WriteText(&out, sample()); err != nil {
			t.Fatal(err)
		}
		if got := strings.Contains(out.String(), "\x1b[1;31mfailed"); got != want {
			t.Errorf("CLICOLOR_FORCE=%s: %q", force, out.String())
		}
	}
}
