//go:build linux

package endurance

import (
	"strings"
	"testing"
	"time"
)

// wantNoStart expects that the server ends with status 1 and one line on stderr,
// which says what is in the way.
func wantNoStart(t *testing.T, s setup, reason string) {
	t.Helper()
	p := launch(t, s)
	select {
	case <-p.ended:
	case <-p.log.listening:
		t.Errorf("the server starts, want an error that says %q", reason)
		return
	case <-time.After(patience):
		t.Errorf("the server neither starts nor ends")
		return
	}
	said := p.log.last()
	t.Logf("%s", said)
	if status := p.cmd.ProcessState.ExitCode(); status != 1 {
		t.Errorf("exit status %d, want 1", status)
	}
	if strings.Count(said, "\n") > 0 || !strings.HasPrefix(said, "xfer-server: ") || !strings.Contains(said, reason) {
		t.Errorf("the server says\n%s\nwant one line with %q", said, reason)
	}
}
