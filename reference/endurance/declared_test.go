//go:build linux

package endurance

import (
	"math"
	"testing"

	"github.com/xferspec/xferspec/spec/wire"
)

// TestDeclaredSizes has 500 connections declare 4 GiB each, most of them for a file
// that begins to come, and stop. Declaring costs nothing (FRM-13), what has come is
// not kept in memory, and others are served.
func TestDeclaredSizes(t *testing.T) {
	begin(t)
	const connections, memory = 500, 128 << 20
	p := start(t, setup{dir: t.TempDir()})
	before := p.measure()
	c := mustJoin(t, p.addr, "Ada")
	file, err := wire.AppendFileHead(nil, edition(), c.id, &wire.File{
		ContentSize: math.MaxUint32 - 300, OriginalSize: math.MaxUint32 - 301, Number: 1, Total: 1, Name: "giant",
	}, math.MaxUint32-300)
	if err != nil {
		t.Fatal(err)
	}
	file = append(file, make([]byte, 200_000)...)
	var others [][]byte
	for _, code := range []uint16{1025, 1026, 1027, 1029, 4711} {
		others = append(others, wire.RequestHeader{Client: c.id, Version: 3, Code: code, Size: math.MaxUint32}.Append(nil))
	}
	all := make([]*client, connections)
	for i := range all {
		all[i] = mustDial(t, p.addr)
		b := file
		if i%10 == 9 {
			b = others[i/10%len(others)]
		}
		if _, err := all[i].conn.Write(b); err != nil {
			t.Fatal(err)
		}
	}
	files := connections - connections/10
	within(t, func() bool { return len(unfinished(p.cmd.Dir)) == files })
	if err := c.upload("small", make([]byte, 1000)); err != nil {
		t.Errorf("a client beside: %v", err)
	}
	now := p.measure()
	t.Logf("%d connections: %s, before %s", connections, now, before)
	if now.peak > memory {
		t.Errorf("the server took up to %d bytes of memory, want at most %d", now.peak, memory)
	}
	for _, c := range all {
		c.close()
	}
	within(t, func() bool { return len(unfinished(p.cmd.Dir)) == 0 })
	mustWork(t, p, c)
}
