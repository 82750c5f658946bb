package report

import (
	"bytes"
	"strings"
	"testing"
	"unicode/utf8"
)

func asMarkdown(t *testing.T, r *Report) string {
	t.Helper()
	return written(t, func(b *bytes.Buffer) error { return r.WriteMarkdown(b) })
}

func TestMarkdown(t *testing.T) {
	page := asMarkdown(t, sample())
	for _, want := range []string{
		"## server: non-conformant\n",
		"| registration | 1 | 1 | 0 | 0 | 0 | 0 |\n",
		"| **all** | 1 | 1 | 1 | 1 | 1 | 1 |\n",
		"### failed (1)\n", "### warned (1)\n", "### known-failure (1)\n", "### not-run (1)\n",
		"<summary><b>SRV-REG-06</b> the server refuses a taken name with 1601<br>expected 1601 registration-refused, actual ",
		"</summary>\n\n> **REG-6** MUST, spec/protocol.md line ",
		"> **STO-4** SHOULD, spec/protocol.md line ",
		"```text\nsent:     1025 register\nexpected: 1601 registration-refused\n",
		"likely a consequence of SRV-REG-06\nrepeat:   xferspec test server --case SRV-STO-04 -- ./server\n```\n",
		"- SRV-FIL-01: could not register\n",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("%q is missing in\n%s", want, page)
		}
	}
}

// What a target says stays text: outside of code every sign of Markdown and
// HTML is escaped, and no control character gets through.
func TestMarkdownIsTame(t *testing.T) {
	r := sample()
	r.Cases[1].Message = "actual: ```\n</details>\n````"
	page := asMarkdown(t, r)
	if strings.ContainsAny(page, "\x1b\x00\u202e") {
		t.Error("a control character gets through")
	}
	if strings.Contains(page, "</script><b>") && !strings.Contains(page, "\\</script\\>") {
		t.Error("HTML gets through")
	}
	if !strings.Contains(page, "`````text\nactual: ```\n</details>\n````\nrepeat: ") {
		t.Errorf("a message leaves its fence:\n%s", page)
	}
	if got := strings.Count(page, "<details>"); got != 3 || strings.Count(page, "</details>\n")-1 != got {
		t.Errorf("%d cases unfold, want 3", got)
	}
}

func TestMarkdownIsCut(t *testing.T) {
	r := sample()
	r.Cases = nil
	for range 400 {
		c := sample().Cases[1]
		c.Message = strings.Repeat("ä", messageLimit)
		r.Cases = append(r.Cases, c)
	}
	r.Finish()
	page := asMarkdown(t, r)
	if len(page) > markdownLimit || len(page) < markdownLimit*9/10 {
		t.Errorf("%d bytes, the limit is %d", len(page), markdownLimit)
	}
	if !utf8.ValidString(page) || !strings.Contains(page, "**Cut here**") || !strings.Contains(page, "16384 bytes more") {
		t.Errorf("it does not say that it is cut: …%s", page[len(page)-200:])
	}
}
