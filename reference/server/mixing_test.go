package server_test

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/xferspec/xferspec/spec/wire"
)

// FIL-18, FIL-20: transfers of two clients, under two names and on two
// connections, packet by packet in turn.
func TestTransfersDoNotMix(t *testing.T) {
	f := serve(t, edition(t, "2024a"), t.TempDir())
	ada, grace := f.ready("Ada"), f.ready("Grace")
	shared := f.dial()
	type sender struct {
		on, of *client
		name   string
		plain  []byte
	}
	senders := []sender{
		{shared, ada, "f", pattern(5000)},
		{shared, ada, "g", pattern(4999)},
		{shared, grace, "f", pattern(4998)},
		{grace, grace, "g", pattern(4997)},
	}
	for number := range 5 {
		for _, s := range senders {
			s.on.as(s.of).send(s.of.packets(s.name, s.plain, 1024)[number])
		}
	}
	for _, s := range senders {
		s.on.want(s.of.received(s.name, s.plain))
		if got, err := f.stored(s.of.id, s.name); err != nil || !bytes.Equal(got, s.plain) {
			t.Errorf("%s of %s: stored %d bytes, %v", s.name, s.of.name, len(got), err)
		}
	}
}

// FIL-18: one client sends one file on two connections at the same time.
func TestSameFileOnTwoConnections(t *testing.T) {
	f := serve(t, edition(t, "2024a"), t.TempDir())
	c := f.ready("Ada")
	other := f.dial().as(c)
	one, two := c.packets("f", pattern(5000), 1024), c.packets("f", pattern(4000), 1024)
	for i := range one {
		c.send(one[i])
		if i < len(two) {
			other.send(two[i])
		}
	}
	c.want(c.received("f", pattern(5000)))
	other.want(c.received("f", pattern(4000)))
}

// A client that begins ever new files does not fill the server; the latest eight
// are known.
func TestManyTransfers(t *testing.T) {
	f := serve(t, edition(t, "2024a"), t.TempDir())
	c := f.ready("Ada")
	var rest [][]*wire.File
	for i := range 12 {
		packets := c.packets(fmt.Sprint("f", i), pattern(1500), 1024)
		c.send(packets[0])
		rest = append(rest, packets[1:])
	}
	for i := 4; i < 12; i++ {
		c.send(rest[i][0])
		c.want(c.received(fmt.Sprint("f", i), pattern(1500)))
	}
	c.send(rest[0][0])
	c.wantRefusal()
	f.wantNoIncoming()
}

// FIL-21: the old content stays until the new one is complete and good.
func TestReplace(t *testing.T) {
	inEveryEdition(t, func(t *testing.T, f *fixture) {
		c := f.ready("Ada")
		keep := func(plain []byte) {
			t.Helper()
			c.upload("f", plain)
			c.want(c.received("f", plain))
			c.send(&wire.CRCOK{Name: "f"})
			c.want(c.thanks())
		}
		is := func(plain []byte) {
			t.Helper()
			got, err := f.stored(c.id, "f")
			if err != nil || !bytes.Equal(got, plain) || f.verified(c.id, "f") != "1" {
				t.Errorf("stored %d bytes, %v, verified %q, want %d and 1",
					len(got), err, f.verified(c.id, "f"), len(plain))
			}
		}
		old, young := pattern(3000), pattern(200)
		keep(old)
		bad := c.packets("f", young, 1024)[0]
		bad.ContentSize += 16
		other := f.dial().as(c)
		other.send(bad)
		other.wantRefusal()
		is(old)
		keep(young)
		is(young)
	})
}

// A transfer goes on with the AES key that it began with.
func TestNewKeyDuringTransfer(t *testing.T) {
	f := serve(t, edition(t, "2024a"), t.TempDir())
	c := f.ready("Ada")
	packets := c.packets("f", pattern(5000), 1024)
	for i, packet := range packets {
		c.send(packet)
		if i == 2 {
			c.login()
		}
	}
	c.want(c.received("f", pattern(5000)))
}
