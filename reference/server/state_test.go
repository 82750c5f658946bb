package server_test

import (
	"bytes"
	"context"
	"io/fs"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"

	"github.com/xferspec/xferspec/reference/server"
	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/wire"
)

// asProgram makes the test's executable the server itself.
const asProgram = "XFER_SERVER_AS_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) == "" {
		os.Exit(m.Run())
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	status := server.Main(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(status)
}

// STO-3, STO-4, LGN-7: what a client was told holds after a restart, and its name
// is still taken.
func TestRestart(t *testing.T) {
	inEveryEdition(t, func(t *testing.T, f *fixture) {
		c := f.ready("Ada")
		registered := f.dial().register("Grace")
		c.upload("kept", pattern(3000))
		c.want(c.received("kept", pattern(3000)))
		c.send(&wire.CRCOK{Name: "kept"})
		c.want(c.thanks())
		c.upload("received", pattern(2000))
		c.want(c.received("received", pattern(2000)))
		f.end()
		f.start()

		after := f.dial().as(c)
		after.upload("by the old key", pattern(10))
		after.want(after.received("by the old key", pattern(10)))
		after.send(&wire.CRCOK{Name: "received"})
		after.want(c.thanks())
		if f.ed.Has(spec.TypeLogin) {
			after.login()
		}
		after.as(registered).exchange()
		after.send(&wire.Register{Name: "Ada"})
		after.want(&wire.RegistrationRefused{})
		for name, size := range map[string]int{"kept": 3000, "received": 2000} {
			if got, err := f.stored(c.id, name); err != nil || !bytes.Equal(got, pattern(size)) || f.verified(c.id, name) != "1" {
				t.Errorf("%s: %d bytes, %v, verified %q", name, len(got), err, f.verified(c.id, name))
			}
		}
	})
}

// STO-5, STO-7: a kill takes nothing of what was answered, and leaves no half file.
func TestKill(t *testing.T) {
	f := &fixture{TB: t, ed: edition(t, "2024a"), dir: t.TempDir()}
	kill := f.runProgram()
	c := f.ready("Ada")
	c.upload("f", pattern(3000))
	c.want(c.received("f", pattern(3000)))
	c.send(&wire.CRCOK{Name: "f"})
	c.want(c.thanks())
	for _, packet := range c.packets("f", pattern(5000), 1024)[:3] {
		c.send(packet)
	}
	c.wantNothing() // so the packets are read
	late := f.dial().register("Grace")
	kill()
	if stray, _ := filepath.Glob(filepath.Join(f.dir, "clients", "*", "incoming", "*")); len(stray) != 1 {
		t.Errorf("files arriving at the kill: %q, want one", stray)
	}

	kill = f.runProgram()
	defer kill()
	if got, err := f.stored(c.id, "f"); err != nil || !bytes.Equal(got, pattern(3000)) || f.verified(c.id, "f") != "1" {
		t.Errorf("%d bytes, %v, verified %q", len(got), err, f.verified(c.id, "f"))
	}
	if paths := f.paths(); len(paths) != 1 {
		t.Errorf("files after the next start: %q, want one", paths)
	}
	again := f.dial().as(c).login()
	again.as(late).exchange()
	again.send(&wire.Register{Name: "Grace"})
	again.want(&wire.RegistrationRefused{})
}

// runProgram starts the server in a process of its own, sets f.addr, and returns
// what kills it.
func (f *fixture) runProgram() (kill func()) {
	f.Helper()
	exe, err := os.Executable()
	if err != nil {
		f.Fatal(err)
	}
	cmd := exec.Command(exe, "--addr", "127.0.0.1:0", "--data", f.dir)
	cmd.Env = append(os.Environ(), asProgram+"=1")
	stderr, err := cmd.StderrPipe()
	if err != nil {
		f.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		f.Fatal(err)
	}
	f.addr = listening(f, stderr)
	return func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	}
}

// STO-8: every request of a known client counts as a sign of life, a refused one
// included.
func TestLastSeen(t *testing.T) {
	f := serve(t, edition(t, "2024a"), t.TempDir())
	c := f.ready("Ada")
	seen := func() string { return f.query("SELECT last_seen FROM clients WHERE id = ?", c.id[:]) }
	if form := regexp.MustCompile(`^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$`); !form.MatchString(seen()) {
		t.Errorf("last seen %q", seen())
	}
	packets := c.packets("f", pattern(2000), 1024)
	badName, err := wire.RequestFrame(f.ed, c.id, &wire.Login{})
	if err != nil {
		t.Fatal(err)
	}
	if err := badName.PutBytes("name", []byte("\x01")); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name    string
		request []byte
		answers int
	}{
		{"key", c.encode(&wire.PublicKey{Name: "Ada", Key: publicKey(t)}), 1},
		{"key refused", c.encode(&wire.PublicKey{Name: "Eve", Key: publicKey(t)}), 1},
		{"login", c.encode(&wire.Login{Name: "Ada"}), 1},
		{"login refused", c.encode(&wire.Login{Name: "Eve"}), 1},
		{"malformed", badName.Bytes, 1},
		{"first packet", c.encode(packets[0]), 0},
		{"last packet", c.encode(packets[1]), 1},
		{"crc ok", c.encode(&wire.CRCOK{Name: "f"}), 1},
		{"crc bad", c.encode(&wire.CRCBad{Name: "f"}), 0},
		{"crc abort", c.encode(&wire.CRCAbort{Name: "f"}), 1},
	} {
		f.exec("UPDATE clients SET last_seen = 'long ago'")
		c.write(tt.request)
		for range tt.answers {
			c.next()
		}
		c.wantNothing()
		if seen() == "long ago" {
			t.Errorf("%s: not seen", tt.name)
		}
	}
}

// Database, folders and files are for their owner alone.
func TestPermissions(t *testing.T) {
	f := serve(t, edition(t, "2024a"), t.TempDir())
	c := f.ready("Ada")
	c.upload("f", pattern(100))
	c.want(c.received("f", pattern(100)))
	for _, packet := range c.packets("g", pattern(2000), 1024)[:1] {
		c.send(packet)
	}
	c.wantNothing()
	count := 0
	err := filepath.WalkDir(f.dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || path == f.dir {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		count++
		if info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s has mode %o", strings.TrimPrefix(path, f.dir), info.Mode().Perm())
		}
		return nil
	})
	if err != nil || count < 9 { // database, wal, shm, four folders, two files
		t.Errorf("%d entries, %v", count, err)
	}
}
