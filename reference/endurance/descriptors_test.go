//go:build linux

package endurance

import (
	"errors"
	"fmt"
	"testing"
)

// TestNoDescriptors lets more clients connect than the server may have open files:
// those it has are answered, with a refusal where a file must be opened (1607), the
// others wait, and when enough have left it serves whoever comes.
func TestNoDescriptors(t *testing.T) {
	begin(t)
	const limit, surplus, stay = 60, 100, 20
	p := start(t, setup{dir: t.TempDir(), files: limit})
	c := mustJoin(t, p.addr, "Ada")
	if err := c.upload("f", []byte("old")); err != nil {
		t.Fatal(err)
	}
	var crowd []*client
	for range surplus {
		crowd = append(crowd, mustDial(t, p.addr))
	}
	for _, early := range crowd[:stay] { // so those are accepted, and the rest is tried
		if err := early.register(""); !errors.Is(err, errRefused) {
			t.Fatal(err)
		}
	}
	starved(t, p, limit)
	if err := c.upload("f", []byte("new")); !errors.Is(err, errRefused) {
		t.Errorf("a file without a descriptor for it: %v, want a refusal", err)
	}
	wantStored(t, p.cmd.Dir, c.id, "f", []byte("old"))
	if err := c.login(); err != nil {
		t.Errorf("what needs no further file: %v", err)
	}
	for _, gone := range crowd[stay:] {
		gone.close()
	}
	mustWork(t, p, c)
	for i, early := range crowd[:stay] {
		if err := early.register(fmt.Sprint("early ", i)); err != nil {
			t.Errorf("a client that stayed: %v", err)
		}
		early.close()
	}
	p.stop()
	t.Run("start", func(t *testing.T) {
		wantNoStart(t, setup{dir: p.cmd.Dir, files: 10}, "too many open files")
	})
}

// starved waits until the server has as many files open as it may.
func starved(t *testing.T, p *program, limit int) {
	t.Helper()
	within(t, func() bool { return p.measure().files >= limit })
}
