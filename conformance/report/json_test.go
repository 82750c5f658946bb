package report

import (
	"bytes"
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"
)

func asJSON(t *testing.T, r *Report) string {
	t.Helper()
	return written(t, func(b *bytes.Buffer) error { return r.WriteJSON(b) })
}

func TestReadReturnsWhatWasWritten(t *testing.T) {
	want := sample()
	want.Cases[1].Trace, want.Cases[1].Traces = "traces/a", []string{"traces/a", "traces/b"}
	want.Cases[1].Place = &Place{Conn: 2, Direction: "<", Frame: 1, Field: "code", Offset: 1}
	path := inFile(t, asJSON(t, want))
	got, err := Read(path)
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, %v\nwant %+v", got, err, want)
	}
}

func TestReadRefusesWhatIsNoReport(t *testing.T) {
	good := asJSON(t, sample())
	for _, tt := range []struct{ name, text, want string }{
		{"no JSON", "x", "is no report"},
		{"two objects", good + good, "is no report"},
		{"another schema", `{"schema":"other/1"}`, "its schema is other/1, not xferspec-report/1"},
		{"an unknown status", strings.Replace(good, `"status": "failed"`, `"status": "great"`, 1), "cases.1.status: value must be one of"},
		{"no cases", strings.Replace(good, `"cases":`, `"boxes":`, 1), "missing property 'cases'"},
		{"a time that is none", strings.Replace(good, "2027-01-02T", "2027-13-02T", 1), "started"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := Read(inFile(t, tt.text))
			if err == nil || !strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), "\n") {
				t.Errorf("got %v, want one line with %q", err, tt.want)
			}
		})
	}
}

// Whatever is changed in a report by hand is noticed, consistent or not.
func TestReadRefusesWhatWasEdited(t *testing.T) {
	good := asJSON(t, sample())
	for _, tt := range []struct{ name, old, now, want string }{
		{"a status", `"status": "failed"`, `"status": "passed"`, "it counts 6 planned (1 passed, 1 failed"},
		{"the verdict", `"verdict": "non-conformant"`, `"verdict": "conformant"`, "its verdict is conformant, its cases make it non-conformant"},
		{"a count", `"failed": 1`, `"failed": 0`, "it counts"},
		{"a message", "1601 registration-refused", "1602", "its digest is not that of its content"},
		{"a field that nobody knows", `"strict":`, `"later": 1, "strict":`, "its digest is not that of its content"},
		{"a field in other letters", `"level": "MUST"`, `"level": "MUST", "Level": "SHOULD"`, "its digest is not that of its content"},
		{"the digest", `"digest": "sha256:`, `"digest": "sha256:0`, "digest"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if !strings.Contains(good, tt.old) {
				t.Fatalf("no %s in %s", tt.old, good)
			}
			_, err := Read(inFile(t, strings.Replace(good, tt.old, tt.now, 1)))
			if err == nil || !strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), "\n") {
				t.Errorf("got %v, want one line with %q", err, tt.want)
			}
		})
	}
}

// A status and all that follows from it may be changed; the digest stays behind.
func TestReadRefusesAConsistentForgery(t *testing.T) {
	r := sample()
	text := asJSON(t, r)
	digest := r.Digest
	r.Cases[1].Status = Passed
	r.Finish()
	forged := strings.Replace(asJSON(t, r), r.Digest, digest, 1)
	if forged == text {
		t.Fatal("nothing was changed")
	}
	_, err := Read(inFile(t, forged))
	if _, ok := errors.AsType[*EditedError](err); !ok {
		t.Errorf("got %v, want an EditedError", err)
	}
}

// Layout is no content: an indented report and a compact one are the same.
func TestDigestOverlooksLayout(t *testing.T) {
	var compact bytes.Buffer
	if err := json.Compact(&compact, []byte(asJSON(t, sample()))); err != nil {
		t.Fatal(err)
	}
	if _, err := Read(inFile(t, compact.String())); err != nil {
		t.Error(err)
	}
}

func TestMatrixFollowsItsSchema(t *testing.T) {
	for _, m := range []*Matrix{cells(Passed, Failed, NotRun), cells()} {
		text := written(t, func(b *bytes.Buffer) error { return m.WriteJSON(b) })
		got, err := ReadMatrix(inFile(t, text))
		if err != nil || !reflect.DeepEqual(got, m) {
			t.Errorf("got %+v, %v", got, err)
		}
	}
	if _, err := ReadMatrix(inFile(t, `{"schema":"xferspec-matrix/1"}`)); err == nil {
		t.Error("no error for what is no matrix")
	}
}
