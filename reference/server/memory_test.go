package server_test

import (
	"fmt"
	"math"
	"net"
	"runtime"
	"testing"

	"github.com/xferspec/xferspec/reference/server"
	"github.com/xferspec/xferspec/spec/wire"
)

// FRM-13: a connection takes at most 192 KiB, with eight transfers and whatever
// sizes are declared.
func TestMemoryPerConnection(t *testing.T) {
	const connections, most = 32, 192 << 10
	f := servePipes(t, server.Limits{})
	ada := f.ready("Ada")
	var streams [][]byte
	for i := range 8 {
		streams = append(streams, fileHead(ada, fmt.Sprint("f", i), 5000, math.MaxUint32, 1), make([]byte, 5000))
	}
	streams = append(streams, fileHead(ada, "giant", math.MaxUint32-267, math.MaxUint32, 1), make([]byte, 300_000))
	unknown := wire.RequestHeader{Version: 3, Code: 4711, Size: math.MaxUint32}.Append(nil)

	before := inUse()
	conns := make([]net.Conn, connections)
	for i := range conns {
		conns[i] = f.dial().conn
		for _, b := range streams {
			if _, err := conns[i].Write(b); err != nil {
				t.Fatal(err)
			}
		}
	}
	perConnection := (inUse() - before) / connections
	t.Logf("%d bytes per connection", perConnection)
	if perConnection > most {
		t.Errorf("%d bytes per connection, want at most %d", perConnection, most)
	}

	refused := f.dial() // and at once, not after 4 GiB
	refused.write(unknown)
	refused.wantRefusalAndEnd()
	f.ready("Grace") // the others are not disturbed
}

// fileHead returns the first packet of a file up to its content.
func fileHead(c *client, name string, content int, size uint32, number uint16) []byte {
	c.Helper()
	b, err := wire.AppendFileHead(nil, c.ed, c.id, &wire.File{
		ContentSize: size, OriginalSize: size - 1, Number: number, Total: math.MaxUint16, Name: name,
	}, content)
	if err != nil {
		c.Fatal(err)
	}
	return b
}

// inUse returns how much memory this process uses now.
func inUse() int64 {
	runtime.GC()
	runtime.GC() // what had a finalizer
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc + m.StackInuse)
}

// A packet in the middle of a transfer costs no allocation.
func TestNoAllocationPerPacket(t *testing.T) {
	const packets = 2000
	f := servePipes(t, server.Limits{})
	c := f.ready("Ada")
	var stream []byte
	for number := range uint16(packets) {
		stream = append(stream, fileHead(c, "f", 1024, math.MaxUint32, number+1)...)
		stream = append(stream, make([]byte, 1024)...)
	}
	first := len(stream) / packets
	c.write(stream[:first])
	before := mallocs()
	c.write(stream[first:])
	if n := mallocs() - before; n > packets/2 { // others allocate meanwhile, the race detector too
		t.Errorf("%d allocations for %d packets", n, packets)
	}
}

// mallocs returns how many objects were allocated so far.
func mallocs() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.Mallocs
}
