package server_test

import (
	"bytes"
	"fmt"
	"slices"
	"sync"
	"testing"

	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/wire"
)

// The whole of a conversation, several times on one connection (FRM-6, FRM-16).
func TestConversation(t *testing.T) {
	inEveryEdition(t, func(t *testing.T, f *fixture) {
		c := f.ready("Ada")
		for i, plain := range [][]byte{pattern(5000), pattern(0), pattern(1024)} {
			if i > 0 && f.ed.Has(spec.TypeLogin) {
				c.login() // LGN-5
			}
			name := fmt.Sprintf("file %d", i)
			c.upload(name, plain)
			c.want(c.received(name, plain))
			if got := f.verified(c.id, name); got != "0" {
				t.Errorf("verified %q before 1029 (CRC-8)", got)
			}
			c.send(&wire.CRCOK{Name: name})
			c.want(c.thanks())
			if got := f.verified(c.id, name); got != "1" {
				t.Errorf("verified %q after 1029 (CRC-8)", got)
			}
			got, err := f.stored(c.id, name)
			if err != nil || !bytes.Equal(got, plain) {
				t.Errorf("stored %d bytes, %v, sent %d (STO-6)", len(got), err, len(plain))
			}
		}
	})
}

// FRM-5, FRM-16: the same bytes, one by one and all at once.
func TestSegments(t *testing.T) {
	inEveryEdition(t, func(t *testing.T, f *fixture) {
		for _, size := range []int{1, 7, 1 << 20} {
			c := f.ready(fmt.Sprint("client ", size))
			plain := pattern(3000)
			var stream []byte
			for _, packet := range c.packets("f", plain, 1024) {
				stream = append(stream, c.encode(packet)...)
			}
			stream = append(stream, c.encode(&wire.CRCBad{Name: "f"})...)
			for _, packet := range c.packets("f", plain, 100) {
				stream = append(stream, c.encode(packet)...)
			}
			stream = append(stream, c.encode(&wire.CRCOK{Name: "f"})...)
			for piece := range slices.Chunk(stream, size) {
				c.write(piece)
			}
			c.want(c.received("f", plain))
			c.want(c.received("f", plain))
			c.want(c.thanks())
		}
	})
}

// FRM-7: connections that stall anywhere disturb no other.
func TestStalledConnections(t *testing.T) {
	f := serve(t, edition(t, "2024a"), t.TempDir())
	c := f.ready("Ada")
	file := c.encode(c.packets("f", pattern(5000), 2048)[0])
	for _, cut := range []int{0, 1, wire.RequestHeaderSize, wire.RequestHeaderSize + 100, len(file) - 1, len(file)} {
		f.dial().write(file[:cut])
	}
	other := f.ready("Grace")
	other.upload("f", pattern(100))
	other.want(other.received("f", pattern(100)))
}

// FRM-7: many clients at once, each with its own file.
func TestManyClients(t *testing.T) {
	f := serve(t, edition(t, "2024a"), t.TempDir())
	var clients []*client
	for i := range 32 {
		clients = append(clients, f.ready(fmt.Sprint("client ", i)))
	}
	var wg sync.WaitGroup
	for i, c := range clients {
		wg.Go(func() {
			for _, packet := range c.packets("f", pattern(20000+i), 1024) {
				_, _ = c.conn.Write(c.encode(packet)) // the answer will tell
			}
		})
	}
	wg.Wait()
	for i, c := range clients {
		c.want(c.received("f", pattern(20000+i)))
	}
}

// FIL-23: a packet far longer than any buffer.
func TestLongPacket(t *testing.T) {
	f := serve(t, edition(t, "2024a"), t.TempDir())
	c := f.ready("Ada")
	plain := bytes.Repeat(pattern(1<<16), 200)
	c.send(c.packets("f", plain, len(plain)+16)[0])
	c.want(c.received("f", plain))
	got, err := f.stored(c.id, "f")
	if err != nil || !bytes.Equal(got, plain) {
		t.Errorf("stored %d bytes, %v", len(got), err)
	}
}
