package selftest

import (
	"bytes"
	"strings"
	"testing"

	"github.com/xferspec/xferspec/conformance/report"
)

func judged(t *testing.T) *Result {
	t.Helper()
	all := trial(t, true, result("SRV-CRC-02", "CRC-3", report.Failed), result("SRV-REG-04", "REG-6", report.Failed))
	all.Mutants[0].About, all.Mutants[0].Often = "answers <1030> | thanks", "always"
	more := trial(t, false, result("SRV-REG-04", "REG-6", report.Passed))
	all.Variations, all.VariationRuns = more.Variations, more.VariationRuns
	return Judge(all)
}

func TestMarkdown(t *testing.T) {
	var b bytes.Buffer
	if err := judged(t).WriteMarkdown(&b); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"| m | answers &lt;1030> \\| thanks | always | CRC-3 | CRC 02 |", "| CRC-3 | MUST | m |", "| v |",
	} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("%q is missing in\n%s", want, b.String())
		}
	}
}

func TestHTML(t *testing.T) {
	var b bytes.Buffer
	if err := judged(t).WriteHTML(&b); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`title="SRV-CRC-02">✕`, `title="SRV-REG-04">?`, `answers &lt;1030&gt;`} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("%q is missing", want)
		}
	}
}

func TestText(t *testing.T) {
	var b bytes.Buffer
	r := judged(t)
	if err := r.WriteText(&b); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"killed", "by SRV-CRC-02, unrelated: SRV-REG-04", "cleared", "conformant: 1 mutants"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("%q is missing in\n%s", want, b.String())
		}
	}
}

func TestReplaceMatrix(t *testing.T) {
	file := []byte("before\n" + matrixBegin + "old\n" + matrixEnd + "after\n")
	got, err := ReplaceMatrix(file, []byte("new\n"))
	if err != nil || string(got) != "before\n"+matrixBegin+"new\n"+matrixEnd+"after\n" {
		t.Errorf("%q, %v", got, err)
	}
	if _, err := ReplaceMatrix([]byte(matrixBegin), nil); err == nil {
		t.Error("a matrix without an end: not refused")
	}
	if KeepsMatrix([]byte("text")) || !KeepsMatrix(file) {
		t.Error("KeepsMatrix is wrong")
	}
}
