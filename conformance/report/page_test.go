package report

import (
	"bytes"
	_ "embed"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/xferspec/xferspec/harness/trace"
)

//go:embed testdata/audit.js
var audit string

// samplePages writes the page of a report with all that one can have, and that of
// a matrix, and returns their paths.
func samplePages(t *testing.T) (report, matrix string) {
	t.Helper()
	folder := t.TempDir()
	r, m := sample(), cells(Passed, Failed, NotRun, Passed)
	wrong, long := conversationOf(t, 2), conversationOf(t, 60)
	answer := &wrong.Events[len(wrong.Events)-1]
	answer.Data[24] ^= 0x5a
	wrong.Events = append(wrong.Events, trace.Event{At: answer.At, Dir: trace.ToClient, Kind: trace.Reset})
	wrong.Comments = []trace.Comment{{Dir: trace.ToClient, Frame: 3, Offset: 24, Text: hostile}, {Text: hostile}}
	long.Events[len(long.Events)-1].Data = []byte{9, 9, 9, 9, 9, 9, 9, 9, 9}
	keep(t, folder, &r.Cases[1], long, wrong)
	r.Cases[1].Place = &Place{Conn: 2, Direction: "<", Frame: 3, Field: "content size", Offset: 24}
	r.Cases[2].Traces = []string{"no-such-file.xftrace"}
	m.Cells[1].Capture = r.Cases[1].Traces[0]
	for _, page := range []struct {
		path  *string
		write func(*bytes.Buffer) error
	}{
		{&report, func(b *bytes.Buffer) error { return r.WriteHTML(b, HTMLOptions{Folder: folder, Matrix: m}) }},
		{&matrix, func(b *bytes.Buffer) error { return WriteMatrixHTML(b, m, folder) }},
	} {
		*page.path = filepath.Join(folder, fmt.Sprintf("%d.html", len(report)))
		if err := os.WriteFile(*page.path, []byte(written(t, page.write)), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return report, matrix
}

// One browser, one story: starting it takes longer than all the rest.
func TestPagesInChromium(t *testing.T) {
	report, matrix := samplePages(t)
	b := browse(t, report)
	b.filters()
	b.links()
	b.keyboard()
	b.print()
	b.audits()
	b.do(chromedp.Navigate("file://" + matrix))
	b.do(chromedp.Click(chromedp.CSS("td a")))
	if !b.soon(`document.getElementById("cell-1").open`) {
		b.Error("a cell that failed does not lead to what went wrong in it")
	}
	b.audits()
	b.expectQuiet()
}

// shown is the ids of the cases that are shown.
const shown = `[...document.querySelectorAll("section.cases details.case")].filter(c => c.checkVisibility()).map(c => c.id)`

// expectShown waits until just these cases are shown, and counted.
func (b *tab) expectShown(after string, want ...string) {
	b.Helper()
	if !b.soon(fmt.Sprintf(`%s.join(" ") === %q`, shown, strings.Join(want, " "))) {
		b.Errorf("after %s it shows %q, want %q", after, eval[[]string](b, shown), want)
	}
	if got, want := eval[string](b, `document.getElementById("shown").textContent`), fmt.Sprint(len(want)); !strings.Contains(got, want) {
		b.Errorf("after %s it says %q, want %s cases", after, got, want)
	}
}

// everything is the cases of the sample in the order of the page.
var everything = []string{"SRV-REG-06", "SRV-STO-04", "SRV-FIL-01", "SRV-FRM-05", "SRV-REG-04", "SRV-STO-01"}

func (b *tab) filters() {
	b.expectShown("the start", everything...)
	b.do(chromedp.Click(chromedp.CSS(`.totals a[href="#status=failed"]`)))
	b.expectShown("a click on the number of failed cases", "SRV-REG-06")
	b.do(chromedp.Click(chromedp.CSS(`[value=warned]`)))
	b.expectShown("choosing warned as well", "SRV-REG-06", "SRV-STO-04")
	b.do(chromedp.Click(chromedp.CSS(`#all`)))
	b.expectShown("a click on show all", everything...)
	b.do(chromedp.SetValue(chromedp.CSS(`[name=level]`), "SHOULD"))
	b.script(`document.querySelector("[name=level]").dispatchEvent(new Event("input", { bubbles: true }))`)
	b.expectShown("choosing a level", "SRV-STO-04")
	if got := eval[string](b, `location.hash`); got != "#level=SHOULD" {
		b.Errorf("the address ends in %q", got)
	}
	b.do(chromedp.Click(chromedp.CSS(`.groups a[href="#group=storage"]`)))
	b.expectShown("a click on a group", "SRV-STO-04", "SRV-STO-01")
	b.do(chromedp.Click(chromedp.CSS(`#all`)), chromedp.SendKeys(chromedp.CSS(`[name=q]`), "registration-refused TAKEN"))
	b.expectShown("looking for words", "SRV-REG-06")
	b.do(chromedp.Click(chromedp.CSS(`#unfold`)))
	if got := eval[[]string](b, `[...document.querySelectorAll("details.case[open]")].map(c => c.id)`); !slices.Equal(got, []string{"SRV-REG-06"}) {
		b.Errorf("unfolded are %q", got)
	}
	b.do(chromedp.Click(chromedp.CSS(`#all`)))
}

func (b *tab) links() {
	b.script(`location.hash = "#q=restart"`)
	b.expectShown("following an address with filters", "SRV-STO-04")
	b.do(chromedp.Click(chromedp.CSS(`#SRV-STO-04 > summary`)), chromedp.Click(chromedp.CSS(`#SRV-STO-04 a[href="#SRV-REG-06"]`)))
	b.expectShown("a link to a case that was filtered out", everything...)
	if !b.soon(`document.getElementById("SRV-REG-06").open`) {
		b.Error("a link to a case does not unfold it")
	}
	b.do(chromedp.Click(chromedp.CSS(`a[href="#SRV-REG-06-wrong"]`)))
	if want := `document.querySelector(":target mark")?.textContent === "52"`; !b.soon(want) {
		b.Error("the link to the wrong byte does not lead to it")
	}
	if got := eval[int](b, `document.querySelectorAll(".frame").length`); got < 15 || got > 40 {
		b.Errorf("%d frames", got)
	}
}

// keyboard goes through the page with the Tab key, and uses what it comes to.
func (b *tab) keyboard() {
	b.script(`[...document.querySelectorAll("details")].forEach(d => d.open = d.matches(".case"))`)
	b.script(`document.activeElement.blur(); scrollTo(0, 0); getSelection().setPosition(document.body)`)
	stops := eval[int](b, `(window.stops = [...document.querySelectorAll("a[href], button, input, select, summary, [tabindex='0']")].filter(e => e.checkVisibility())).length`)
	for range stops + 5 {
		b.do(chromedp.KeyEvent(kb.Tab))
		b.script(`(document.activeElement.reached = document.activeElement.matches(":focus-visible"))`)
	}
	for _, missed := range eval[[]string](b, `stops.filter(e => !e.reached).map(e => e.outerHTML.slice(0, 120))`) {
		b.Errorf("the keyboard does not reach %s, or does not show that it does", missed)
	}
	b.script(`document.querySelector("#SRV-REG-04 > summary").focus()`)
	b.do(chromedp.KeyEvent(kb.Enter))
	if eval[bool](b, `document.getElementById("SRV-REG-04").open`) {
		b.Error("Enter does not fold a case")
	}
	b.script(`document.querySelector("[value=passed]").focus()`)
	b.do(chromedp.KeyEvent(" "))
	b.expectShown("a space on passed", "SRV-REG-04")
	b.do(chromedp.Click(chromedp.CSS(`#all`)))
}

// print unfolds what went wrong, and folds it again.
func (b *tab) print() {
	unfolded := `[...document.querySelectorAll("section.cases details.case[open]")].map(c => c.id)`
	b.script(`[...document.querySelectorAll("details.case")].forEach(d => d.open = false); dispatchEvent(new Event("beforeprint"))`)
	if got, want := eval[[]string](b, unfolded), []string{"SRV-REG-06", "SRV-STO-04", "SRV-FIL-01", "SRV-FRM-05"}; !slices.Equal(got, want) {
		b.Errorf("printed are %q, want %q", got, want)
	}
	b.script(`dispatchEvent(new Event("afterprint"))`)
	if got := eval[[]string](b, unfolded); len(got) > 0 {
		b.Errorf("after printing %q are unfolded", got)
	}
}

// audits looks at everything that there is, in all widths and colours.
func (b *tab) audits() {
	b.script(`[...document.querySelectorAll("details")].forEach(d => d.open = true)`)
	for _, width := range []int64{400, 900, 1600} {
		for _, scheme := range []string{"light", "dark"} {
			b.look(width, scheme)
			faults := eval[[]string](b, audit)
			for _, fault := range faults[:min(10, len(faults))] {
				b.Errorf("%d pixels, %s: %s (of %d faults)", width, scheme, fault, len(faults))
			}
		}
	}
}
