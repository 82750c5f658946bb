package main

import (
	"fmt"
	"io"
	"os"
	"sync"

	"github.com/spf13/cobra"
	"golang.org/x/term"
)

// progress is a line on a terminal that says how much of many has ended. On
// anything else it is not shown.
type progress struct {
	out io.Writer // nil: not shown
	all int

	mu sync.Mutex
	n  int
}

func newProgress(cmd *cobra.Command, all int) *progress {
	out := cmd.OutOrStdout()
	if file, ok := out.(*os.File); ok && term.IsTerminal(int(file.Fd())) {
		return &progress{out: out, all: all}
	}
	return &progress{all: all}
}

// ended counts one more and names it.
func (p *progress) ended(name string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.n++
	if p.out != nil {
		fmt.Fprintf(p.out, "\r\x1b[K[%d/%d] %s", p.n, p.all, name)
	}
}

// clear takes the line away.
func (p *progress) clear() {
	if p.out != nil {
		fmt.Fprint(p.out, "\r\x1b[K")
	}
}
