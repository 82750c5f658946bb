package report

import (
	"bytes"
	"errors"
	"io"
	"testing"
)

// What passes for a report can be shown in every form.
func FuzzParse(f *testing.F) {
	r := sample()
	r.Finish()
	var text bytes.Buffer
	if err := r.WriteJSON(&text); err != nil {
		f.Fatal(err)
	}
	f.Add(text.Bytes())
	f.Add(bytes.Replace(text.Bytes(), []byte("passed"), []byte("failed"), 1))
	f.Add([]byte(`{"schema":"xferspec-report/1","cases":[null]}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		var r Report
		if decode("report.json", text, "report", Schema, &r) != nil {
			return
		}
		if _, err := parse("report.json", text); err != nil {
			if _, ok := errors.AsType[*EditedError](err); !ok {
				t.Fatal(err)
			}
		}
		for form, write := range map[string]func(io.Writer) error{
			"text": func(w io.Writer) error { return WriteText(w, &r) }, "JSON": r.WriteJSON, "JUnit": r.WriteJUnit,
			"Markdown": r.WriteMarkdown, "SARIF": r.WriteSARIF, "badge": r.WriteBadge, "picture": r.WriteBadgeSVG,
		} {
			if err := write(io.Discard); err != nil {
				t.Errorf("%s: %v", form, err)
			}
		}
	})
}

func FuzzParseMatrix(f *testing.F) {
	var text bytes.Buffer
	if err := cells(Passed, Failed, NotRun).WriteJSON(&text); err != nil {
		f.Fatal(err)
	}
	f.Add(text.Bytes())
	f.Fuzz(func(t *testing.T, text []byte) {
		var m Matrix
		if decode("matrix.json", text, "matrix", MatrixSchema, &m) != nil {
			return
		}
		for form, write := range map[string]func(io.Writer, *Matrix) error{
			"text": WriteMatrixText, "Markdown": WriteMatrixMarkdown,
		} {
			if err := write(io.Discard, &m); err != nil {
				t.Errorf("%s: %v", form, err)
			}
		}
	})
}
