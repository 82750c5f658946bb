package server_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xferspec/xferspec/spec/wire"
)

// FIL-19: a name that could lead elsewhere is refused, once for all packets, and
// nothing is written.
func TestFileNameRefused(t *testing.T) {
	inEveryEdition(t, func(t *testing.T, f *fixture) {
		ada := f.ready("Ada")
		for _, name := range []string{
			"", ".", "..", "../x", "../../x", "/x", "/etc/passwd", "x/", "a/b", "a/../../../x",
			`..\x`, `\x`, `a\b`, `C:\x`, `C:x`, "c:", `\\host\share\x`,
		} {
			t.Run(name, func(t *testing.T) {
				c := f.in(t).dial().as(ada)
				for _, packet := range c.packets(name, pattern(2000), 1024) {
					c.send(packet)
				}
				c.wantRefusal()
				if f.ed.PacketFields {
					c.wantNothing()
				}
			})
		}
		if paths := f.paths(); len(paths) > 0 {
			t.Errorf("stored: %q", paths)
		}
		if entries, _ := filepath.Glob(filepath.Join(filepath.Dir(f.dir), "*")); len(entries) != 1 {
			t.Errorf("beside the data folder: %q", entries)
		}
	})
}

// FIL-19 and the client's name: it is no path either.
func TestFileNameAccepted(t *testing.T) {
	f := serve(t, edition(t, "2024a"), t.TempDir())
	for _, client := range []string{"Ada", "../../x", "/x", "."} {
		c := f.ready(client)
		for _, name := range []string{"f", "...", ".f", " ", "a b.txt", "-rf", "%2e%2e%2fx", "~", "$HOME", strings.Repeat("x", 254)} {
			plain := []byte(client + name)
			c.upload(name, plain)
			c.want(c.received(name, plain))
			if got, err := f.stored(c.id, name); err != nil || !bytes.Equal(got, plain) {
				t.Errorf("%q of %q: stored %q, %v", name, client, got, err)
			}
		}
	}
}

// FRM-11: no file under a name that is no text.
func TestFileNameText(t *testing.T) {
	inEveryEdition(t, func(t *testing.T, f *fixture) {
		ada := f.ready("Ada")
		for _, name := range []string{strings.Repeat("x", wire.TextSize), "f\n", "f\x80", "\x01"} {
			c := f.dial().as(ada)
			frame, err := wire.RequestFrame(f.ed, c.id, c.packets("", pattern(100), 1024)[0])
			if err != nil {
				t.Fatal(err)
			}
			if err := frame.PutBytes("file name", []byte(name)); err != nil {
				t.Fatal(err)
			}
			c.write(frame.Bytes)
			c.wantRefusalAndEnd()
		}
		if paths := f.paths(); len(paths) > 0 {
			t.Errorf("stored: %q", paths)
		}
	})
}

// A link in the data folder leads nowhere out of it, whoever put it there.
func TestLinkOutOfTheFolder(t *testing.T) {
	f := serve(t, edition(t, "2024a"), t.TempDir())
	outside := t.TempDir()
	c := f.ready("Ada")
	c.upload("f", pattern(100))
	c.want(c.received("f", pattern(100)))

	folder := filepath.Join(f.dir, "clients", c.id.String())
	if err := os.RemoveAll(folder); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(outside, folder); err != nil {
		t.Fatal(err)
	}
	c.upload("f", pattern(100))
	c.wantRefusal()
	if entries, _ := os.ReadDir(outside); len(entries) > 0 {
		t.Errorf("written outside: %v", entries)
	}
}
