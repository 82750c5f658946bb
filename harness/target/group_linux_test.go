package target

import "testing"

// TestProgramsDieWithUs kills a process that has started a program in a group of its own.
func TestProgramsDieWithUs(t *testing.T) {
	children := childListener(t)
	run := ran(t, ClientConfig{Command: program(t, "die-with-child", children.Addr().String())}, nil)
	if run.Signal != "killed" || run.TimedOut {
		t.Errorf("%+v", run)
	}
	expectDeath(t, children)
}
