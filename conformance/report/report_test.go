package report

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
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

func shard(ids ...string) *Report {
	r := &Report{Role: "server", Edition: "2024a", Suite: Suite{Catalogue: "c"}}
	for _, id := range ids {
		r.Cases = append(r.Cases, Case{ID: id, Status: Passed})
	}
	r.Finish()
	return r
}

func TestMergeJoinsShardsInOrder(t *testing.T) {
	order := []string{"A", "B", "C", "D"}
	merged, err := Merge(order, shard("B", "D"), shard("A", "C"))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, c := range merged.Cases {
		got = append(got, c.ID)
	}
	if !slices.Equal(got, order) || merged.Counts.Planned != 4 || merged.Verdict != Conformant {
		t.Errorf("got %v, %+v, %s", got, merged.Counts, merged.Verdict)
	}
}

func TestMergeRefusesWhatIsNoRun(t *testing.T) {
	other := shard("B")
	other.Edition = "2023a"
	for name, shards := range map[string][]*Report{
		"none": {}, "two editions": {shard("A"), other}, "a case twice": {shard("A"), shard("A", "B")},
	} {
		if _, err := Merge([]string{"A", "B"}, shards...); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestReadReturnsWhatWasWritten(t *testing.T) {
	path := filepath.Join(t.TempDir(), "report.json")
	want := shard("A", "B")
	var out bytes.Buffer
	if err := want.WriteJSON(&out); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, out.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	got, err := Read(path)
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, %v\nwant %+v", got, err, want)
	}
	for name, text := range map[string]string{
		"no JSON": "x", "another schema": `{"schema":"other/1"}`,
		"an unknown status": `{"schema":"xferspec-report/1","cases":[{"id":"A","status":"great"}]}`,
	} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := Read(path); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
