package report

import (
	"context"
	"iter"
	"os/exec"
	"slices"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// patience is how long all that is done with a page may take; it is reached only
// where something that is waited for never comes.
const patience = 3 * time.Minute

// tab is a page in a real browser.
type tab struct {
	*testing.T
	ctx     context.Context
	console iter.Seq2[chromedp.ConsoleMessage, error]
}

// browse opens a file in Chromium.
func browse(t *testing.T, path string) *tab {
	t.Helper()
	chromium, err := exec.LookPath("chromium")
	if err != nil {
		t.Fatalf("no chromium (apt-get install chromium): %v", err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewExecAllocator(ctx, append(slices.Clone(chromedp.DefaultExecAllocatorOptions[:]),
		chromedp.ExecPath(chromium), chromedp.NoSandbox, // root has none
		chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND"), // nor is there a network
	)...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	b := &tab{T: t, ctx: ctx, console: chromedp.Console(ctx)}
	b.do(chromedp.Navigate("file://" + path))
	return b
}

func (b *tab) do(actions ...chromedp.Action[chromedp.Void]) {
	b.Helper()
	if err := chromedp.Do(b.ctx, actions...); err != nil {
		b.Fatal(err)
	}
}

// eval returns what a script comes to.
func eval[T any](b *tab, script string) T {
	b.Helper()
	out, err := chromedp.Run(b.ctx, chromedp.Evaluate[T](script))
	if err != nil {
		b.Fatalf("%s: %v", script, err)
	}
	return out
}

// script runs a script for what it does.
func (b *tab) script(script string) {
	b.Helper()
	eval[*int](b, script+"\nnull")
}

// soon says whether a script comes to true, now or in a while.
func (b *tab) soon(script string) bool {
	b.Helper()
	_, err := chromedp.Run(b.ctx, chromedp.Poll[bool](script, chromedp.WithPollingTimeout(5*time.Second)))
	return err == nil
}

func call[P any](b *tab, command cdp.Command[P, cdp.Empty], params P) {
	b.Helper()
	if _, err := chromedp.Call(b.ctx, command, params); err != nil {
		b.Fatal(err)
	}
}

// look gives the window a width in pixels and a colour scheme, "light" or "dark".
func (b *tab) look(width int64, scheme string) {
	b.Helper()
	call(b, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{Width: width, Height: 900, DeviceScaleFactor: 1, Mobile: width < 600})
	call(b, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}})
}

// expectQuiet checks that nothing was written to the console since the page was
// opened, faults and what its policy forbids among them, and that it asked for
// no other file.
func (b *tab) expectQuiet() {
	b.Helper()
	const last = "that was all"
	b.script(`console.debug("` + last + `")`)
	for message, err := range b.console {
		if err != nil {
			b.Fatal(err)
		}
		if message.Text == last {
			break
		}
		b.Errorf("console: %s: %s", message.Type, message.Text)
	}
	for _, name := range eval[[]string](b, `performance.getEntriesByType("resource").map(r => r.name)`) {
		b.Errorf("the page asks for %s", name)
	}
}
