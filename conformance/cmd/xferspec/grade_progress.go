package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/xferspec/xferspec/conformance/grade"
	"github.com/xferspec/xferspec/conformance/report"
)

// gradeProgress tells of each submission that has ended, and how long the others
// will take.
type gradeProgress struct {
	out        io.Writer
	live       bool
	roles      []string
	all, ready int // ready have a result, kept ones included
	anew       int
	began      time.Time
}

func newGradeProgress(cmd *cobra.Command, class *grade.Class) *gradeProgress {
	p := &gradeProgress{out: cmd.OutOrStdout(), roles: class.RoleNames(), all: len(class.Submissions), began: time.Now()}
	file, ok := p.out.(*os.File)
	p.live = ok && term.IsTerminal(int(file.Fd()))
	return p
}

// ended prints a line for a submission that has just been run.
func (p *gradeProgress) ended(g *grade.Graded, anew bool) {
	p.ready++
	p.clear()
	if anew {
		p.anew++
		var words []string
		for _, role := range p.roles {
			if r := g.Reports[role]; r != nil && r.Counts.Judged() > 0 {
				words = append(words, fmt.Sprintf("%s %d of %d passed", role, r.Counts.Passed, r.Counts.Applicable()))
			}
			if reason := g.Roles[role].Reason; reason != "" {
				words = append(words, role+": "+oneLine(grade.Remark(reason)))
			}
		}
		if g.Reason != "" {
			words = append(words, oneLine(g.Reason))
		}
		fmt.Fprintf(p.out, "[%d/%d] %s: %s (%s, %ds)\n", p.ready, p.all, oneLine(g.Name), g.Outcome(p.roles), strings.Join(words, "; "), (g.DurationMs+500)/1000)
	}
	if p.live && p.ready < p.all {
		fmt.Fprintf(p.out, "[%d/%d] %s", p.ready, p.all, p.left())
	}
}

// end takes the live line away, and says what was not run again.
func (p *gradeProgress) end() {
	p.clear()
	if kept := p.ready - p.anew; kept > 0 {
		verb := "have"
		if kept == 1 {
			verb = "has"
		}
		fmt.Fprintf(p.out, "%d already %s a result; --again runs all anew\n", kept, verb)
	}
}

// left guesses how long the rest will take.
func (p *gradeProgress) left() string {
	if p.anew == 0 {
		return "…"
	}
	left := time.Since(p.began) / time.Duration(p.anew) * time.Duration(p.all-p.ready)
	return fmt.Sprintf("about %s left", strings.TrimSuffix(max(left.Round(time.Minute), time.Minute).String(), "0s"))
}

// clear takes the live line away.
func (p *gradeProgress) clear() {
	if p.live {
		fmt.Fprint(p.out, "\r\x1b[K")
	}
}

// oneLine is the beginning of a text that a submission may have written.
func oneLine(text string) string {
	const most = 160
	line, _, _ := strings.Cut(strings.TrimSpace(text), "\n")
	line = strings.ReplaceAll(report.PlainText(line), "\t", " ")
	if len(line) > most {
		line = strings.ToValidUTF8(line[:most], "") + "…"
	}
	return line
}
