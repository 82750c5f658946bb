//go:build linux

package endurance

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// smallDisk mounts a file system that has so many bytes, for the length of the test.
func smallDisk(t *testing.T, bytes int) (dir string) {
	t.Helper()
	dir = t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, fmt.Sprintf("size=%d,mode=0700", bytes)); err != nil {
		t.Skipf("a small file system cannot be mounted: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, 0); err != nil {
			t.Errorf("unmount %s: %v", dir, err)
		}
	})
	return dir
}

// fill writes a file until the disk is full, less so many bytes.
func fill(t *testing.T, dir string, less int64) (path string) {
	t.Helper()
	path = filepath.Join(dir, "filler")
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	size := int64(0)
	for page := make([]byte, 4096); err == nil; size += 4096 {
		_, err = file.Write(page)
	}
	if !errors.Is(err, syscall.ENOSPC) {
		t.Fatalf("fill the disk: %v", err)
	}
	if err := file.Truncate(max(0, size-4096-less)); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestFullDisk fills the disk under a server that runs, more and less tightly: what
// does not fit is refused (1607), what was stored stays whole and can still be
// confirmed or is refused, and when there is room again all works, without a restart.
func TestFullDisk(t *testing.T) {
	begin(t)
	dir := smallDisk(t, 8<<20)
	p := start(t, setup{dir: dir})
	c := mustJoin(t, p.addr, "Ada")
	old := make([]byte, 100_000)
	for i := range 3 {
		if err := c.upload(fmt.Sprint("old ", i), old); err != nil {
			t.Fatal(err)
		}
	}
	if err := c.verify("old 0"); err != nil {
		t.Fatal(err)
	}
	refusedAll, acceptedAny := false, false
	for _, less := range []int64{0, 4 << 10, 16 << 10, 64 << 10, 256 << 10, 1 << 20} {
		filler := fill(t, dir, less)
		accepted, refused := pressOn(t, p, c, fmt.Sprint(less))
		t.Logf("%7d bytes free: %d requests granted, %d refused", less, accepted, refused)
		refusedAll = refusedAll || refused > 0 && accepted == 0
		acceptedAny = acceptedAny || accepted > 0
		wantStored(t, dir, c.id, "old 0", old)
		if stray := unfinished(dir); len(stray) > 0 {
			t.Errorf("of refused files are left: %q", stray)
		}
		if err := os.Remove(filler); err != nil {
			t.Fatal(err)
		}
		mustWork(t, p, c)
	}
	if !refusedAll || !acceptedAny {
		t.Error("the disk was never full, or always")
	}
	p.stop()
	p = start(t, setup{dir: dir})
	wantStored(t, dir, c.id, "old 0", old)
	if err := mustDial(t, p.addr).as(c).login(); err != nil {
		t.Error(err)
	}
}

// pressOn tries all that needs room, each some times. Every answer is legal or a
// refusal, and what was granted is there.
func pressOn(t *testing.T, p *program, c *client, label string) (granted, refused int) {
	t.Helper()
	try := func(err error) bool {
		switch {
		case err == nil:
			granted++
		case errors.Is(err, errRefused):
			refused++
		default:
			t.Errorf("neither granted nor refused: %v", err)
		}
		return err == nil
	}
	content := make([]byte, 300_000)
	for i := range 4 {
		name := fmt.Sprint("new ", label, " ", i)
		if try(c.upload(name, content)) {
			wantStored(t, p.cmd.Dir, c.id, name, content)
		} else if _, err := os.Stat(storedAt(p.cmd.Dir, c.id, name)); err == nil {
			t.Errorf("%s was refused and is there", name)
		}
		try(c.upload("old 0", make([]byte, 100_000))) // in place of the same
		try(c.login())
		newcomer := mustDial(t, p.addr)
		if try(newcomer.register(name)) {
			try(newcomer.exchange())
		}
	}
	p.alive()
	return granted, refused
}

// mustWork expects that the server does all again that it has to do.
func mustWork(t *testing.T, p *program, c *client) {
	t.Helper()
	content := []byte("all is well")
	name := fmt.Sprint("after ", time.Now().UnixNano())
	for _, err := range []error{c.login(), c.upload(name, content), c.verify(name)} {
		if err != nil {
			t.Errorf("with the cause gone: %v", err)
		}
	}
	wantStored(t, p.cmd.Dir, c.id, name, content)
	if _, err := newcomer(p.addr, name); err != nil {
		t.Errorf("with the cause gone: %v", err)
	}
}

// TestStartOnFullDisk starts the server on a disk without room, which it says in one
// line or puts up with; and with room again, nothing is lost.
func TestStartOnFullDisk(t *testing.T) {
	begin(t)
	t.Run("new", func(t *testing.T) {
		dir := smallDisk(t, 1<<20)
		filler := fill(t, dir, 0)
		wantNoStart(t, setup{dir: dir}, "full")
		if err := os.Remove(filler); err != nil {
			t.Fatal(err)
		}
		start(t, setup{dir: dir}).stop()
	})
	t.Run("killed", func(t *testing.T) {
		dir := smallDisk(t, 4<<20)
		p := start(t, setup{dir: dir})
		c := mustJoin(t, p.addr, "Ada")
		if err := c.upload("f", make([]byte, 5000)); err != nil {
			t.Fatal(err)
		}
		p.kill()
		filler := fill(t, dir, 0)
		p = start(t, setup{dir: dir})
		wantStored(t, dir, c.id, "f", make([]byte, 5000))
		if err := mustDial(t, p.addr).as(c).upload("g", make([]byte, 50_000)); !errors.Is(err, errRefused) {
			t.Errorf("a file without room for it: %v", err)
		}
		if err := os.Remove(filler); err != nil {
			t.Fatal(err)
		}
		mustWork(t, p, mustDial(t, p.addr).as(c))
	})
}
