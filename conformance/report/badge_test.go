package report

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"
)

func TestBadge(t *testing.T) {
	for _, tt := range []struct {
		r              Report
		message, color string
	}{
		{Report{Cases: cases(Passed)}, "conformant", "#1a7f37"},
		{Report{Cases: cases(Passed, Warned, Warned)}, "conformant, 2 warned", "#1a7f37"},
		{Report{Cases: cases(Failed, NotRun)}, "non-conformant, 1 failed", "#cf222e"},
		{Report{Cases: cases(Passed, NotRun)}, "incomplete, 1 not run", "#6e4bb8"},
		{Report{}, "incomplete", "#6e4bb8"},
		{Report{Strict: true, Cases: cases(Warned)}, "non-conformant, 1 warned", "#cf222e"},
		{Report{Fault: "panic", Cases: cases(Passed)}, "fault of the suite", "#6e4bb8"},
	} {
		r := tt.r
		r.Role, r.Edition = "server", "2024a"
		r.Finish()
		var got map[string]any
		if err := json.Unmarshal([]byte(written(t, func(b *bytes.Buffer) error { return r.WriteBadge(b) })), &got); err != nil {
			t.Fatal(err)
		}
		if got["schemaVersion"] != 1.0 || got["label"] != "xferspec server 2024a" || got["message"] != tt.message || got["color"] != tt.color {
			t.Errorf("got %v, want %q, %s", got, tt.message, tt.color)
		}
	}
}

func TestBadgeSVG(t *testing.T) {
	r := sample()
	r.Edition = hostile
	picture := written(t, func(b *bytes.Buffer) error { return r.WriteBadgeSVG(b) })
	if !strings.HasPrefix(picture, "<svg ") || !strings.Contains(picture, "non-conformant, 1 failed") {
		t.Errorf("got %s", picture)
	}
	in := xml.NewDecoder(strings.NewReader(picture))
	for {
		token, err := in.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatalf("%v in %s", err, picture)
		}
		if start, ok := token.(xml.StartElement); ok && (start.Name.Local == "script" || start.Name.Local == "b") {
			t.Errorf("the edition is taken for markup: %s", picture)
		}
	}
}
