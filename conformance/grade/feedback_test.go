package grade

import (
	"bytes"
	"strings"
	"testing"

	"github.com/xferspec/xferspec/conformance/report"
)

func TestFeedbackSaysWhatHurtsMostFirst(t *testing.T) {
	lost := aCase("SRV-KEY-01", report.NotRun, "KEY-2")
	lost.Reason = "builds on SRV-REG-01, which did not pass"
	r := reported(
		aCase("SRV-ERR-01", report.Failed, "ERR-1"), aCase("SRV-REG-01", report.Failed, "REG-3"), lost, lost, aCase("x", report.Passed, "STO-1"))
	sheet, graded := sheetOf(t, map[string]*report.Report{"x": r})
	var text bytes.Buffer
	check(t, sheet.WriteFeedback(&text, graded["x"]))
	reg, unknown := strings.Index(text.String(), "> REG-3:"), strings.Index(text.String(), "> ERR-1:")
	if reg < 0 || unknown < reg || !strings.Contains(text.String(), "2 more came to nothing") || !strings.Contains(text.String(), "xferspec test server --case SRV-REG-01") {
		t.Errorf("%s", text.String())
	}
}

func TestFeedbackBeginsWithTheDiagnosis(t *testing.T) {
	wrong := aCase("SRV-REG-01", report.Failed, "REG-3", "REG-4")
	wrong.Message = "expected: 1600\nactual:   1601"
	unseen := aCase("SRV-REG-02", report.NotRun, "REG-3", "REG-5")
	unseen.Reason = "builds on SRV-REG-01, which did not pass"
	sheet, graded := sheetOf(t, map[string]*report.Report{"x": reported(wrong, aCase("y", report.Passed, "STO-1"))})
	var text bytes.Buffer
	check(t, sheet.WriteFeedback(&text, graded["x"]))
	rest := text.String()
	for _, next := range []string{"    expected: 1600\n    actual:   1601\n", "> REG-3: ", "> REG-4: ", "Why it matters", "because they are broken: REG-3."} {
		_, after, found := strings.Cut(rest, next)
		if !found {
			t.Fatalf("no %q where it belongs:\n%s", next, text.String())
		}
		rest = after
	}
	var page bytes.Buffer
	check(t, sheet.WriteFeedbackHTML(&page, graded["x"]))
	for _, want := range []string{`<a href="./server.html">`, "<pre><code>expected: 1600\n", "<td align=\"right\">5</td>"} {
		if !strings.Contains(page.String(), want) {
			t.Errorf("no %q in\n%s", want, page.String())
		}
	}
	if strings.Contains(text.String(), "\n>\n") {
		t.Errorf("an empty line is quoted:\n%s", text.String())
	}
	sheet, graded = sheetOf(t, map[string]*report.Report{"x": reported(unseen, aCase("y", report.Passed, "STO-1"))})
	text.Reset()
	check(t, sheet.WriteFeedback(&text, graded["x"]))
	if !strings.Contains(text.String(), "came to a verdict, most often for one of the mistakes above: REG-3.") {
		t.Errorf("%s", text.String())
	}
}
