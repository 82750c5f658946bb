package report

import (
	"bytes"
	"slices"
	"strings"
	"testing"
)

// run is a report with a case for each status; their ids are A, B and so on.
func run(statuses ...Status) *Report {
	r := &Report{Role: "server", Edition: "2024a", Suite: Suite{Catalogue: "c"}}
	for i, status := range statuses {
		r.Cases = append(r.Cases, Case{ID: string(rune('A' + i)), Title: "does it", Status: status, Message: "expected: 1\nactual:   2"})
	}
	r.Finish()
	return r
}

func compare(t *testing.T, old, now *Report) *Diff {
	t.Helper()
	d, err := Compare(old, now)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestDiffSortsChanges(t *testing.T) {
	for _, tt := range []struct {
		old, now Status
		want     string
	}{
		{Failed, Passed, "better"},
		{Failed, Warned, "better"},
		{NotRun, Passed, "better"},
		{KnownFailure, Passed, "better"},
		{Passed, Warned, "worse"},
		{Passed, NotRun, "worse"},
		{Passed, KnownFailure, "worse"},
		{Failed, NotRun, "other"},
		{Failed, KnownFailure, "other"}, // to be excused is no progress
		{Warned, KnownFailure, "other"},
		{Passed, NotApplicable, "other"},
		{Passed, Passed, ""},
	} {
		d := compare(t, run(tt.old), run(tt.now))
		got := ""
		for name, changes := range map[string][]Change{"better": d.Better, "worse": d.Worse, "other": d.Other} {
			if len(changes) > 0 {
				got += name
			}
		}
		if got != tt.want {
			t.Errorf("%s to %s: %q, want %q", tt.old, tt.now, got, tt.want)
		}
	}
}

func TestDiffIsWorse(t *testing.T) {
	otherCatalogue := run(Passed)
	otherCatalogue.Suite.Catalogue = "d"
	for _, tt := range []struct {
		name     string
		old, now *Report
		want     bool
	}{
		{"the same", run(Passed, Failed), run(Passed, Failed), false},
		{"a case is better", run(Passed, Failed), run(Passed, Passed), false},
		{"a case is worse", run(Failed, Passed), run(Passed, Warned), true},
		{"a case is gone", run(Passed, Passed), run(Passed), true},
		{"a case is gone from another catalogue", run(Passed, Passed), otherCatalogue, false},
		{"a new case fails", run(Passed), run(Passed, Failed), true}, // by the verdict
		{"a new case fails where others did", run(Failed), run(Failed, Failed), false},
	} {
		if got := compare(t, tt.old, tt.now).IsWorse(); got != tt.want {
			t.Errorf("%s: %t", tt.name, got)
		}
	}
}

func TestDiffSaysWhatIsNotAlike(t *testing.T) {
	now := run(Failed)
	now.Edition, now.Suite.Catalogue = "2023a", "d"
	text := written(t, func(b *bytes.Buffer) error { return compare(t, run(Passed), now).WriteText(b) })
	for _, want := range []string{
		"not alike: edition: 2023a, it was 2024a", "not alike: catalogue: d, it was c",
		"A  failed, was passed: the server does it\n    expected: 1\n    actual:   2", "verdict: non-conformant, it was conformant", "worse: 0 better, 1 worse",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing in\n%s", want, text)
		}
	}
	client := run(Passed)
	client.Role = "client"
	if _, err := Compare(run(Passed), client); err == nil {
		t.Error("a server is compared with a client")
	}
}

func TestDiffNamesNewAndGoneCases(t *testing.T) {
	old, now := run(Passed, Passed), run(Passed, Passed)
	old.Cases[1].ID, now.Cases[1].ID = "OLD", "NEW"
	d := compare(t, old, now)
	if !slices.Equal(ids(d.Added), []string{"NEW"}) || !slices.Equal(ids(d.Gone), []string{"OLD"}) || !d.IsWorse() {
		t.Errorf("%+v", d)
	}
}
