package server

import (
	"bytes"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	. "github.com/xferspec/xferspec/conformance"
	"github.com/xferspec/xferspec/harness/peer"
	"github.com/xferspec/xferspec/spec"
)

// corruption is a transfer whose last packet shows that it is wrong.
type corruption struct {
	must, should string // ids of the cases that it must not pass and should get 1607
	clause       string // the one that says must
	what         string
	make         func(c *peer.Client) *peer.Transfer
}

var corruptions = []corruption{
	{"SRV-FIL-29", "SRV-FIL-30", "FIL-12", "a file that is shorter than its content size", func(c *peer.Client) *peer.Transfer {
		return declare(c, +16)
	}},
	{"SRV-FIL-31", "SRV-FIL-32", "FIL-12", "a file that is longer than its content size", func(c *peer.Client) *peer.Transfer {
		return declare(c, -16)
	}},
	{"SRV-FIL-33", "SRV-FIL-34", "FIL-12", "a file whose last block is missing", func(c *peer.Client) *peer.Transfer {
		t := declare(c, 0)
		last := &t.Packets[len(t.Packets)-1]
		last.Content = last.Content[:len(last.Content)-16]
		return t
	}},
	{"SRV-FIL-35", "SRV-FIL-36", "FIL-13", "a ciphertext that lacks one byte", func(c *peer.Client) *peer.Transfer {
		t := declare(c, 0)
		return c.Pack(t.Name, t.Plain, t.Cipher[:len(t.Cipher)-1], peer.DefaultPacket)
	}},
	{"SRV-FIL-37", "SRV-FIL-38", "FIL-13", "a ciphertext with one byte too many", func(c *peer.Client) *peer.Transfer {
		t := declare(c, 0)
		return c.Pack(t.Name, t.Plain, append(bytes.Clone(t.Cipher), 0), peer.DefaultPacket)
	}},
	{"SRV-FIL-39", "SRV-FIL-40", "FIL-13", "padding whose bytes are not all its length", func(c *peer.Client) *peer.Transfer {
		return pad(c, 0, 0, 0, 0, 5)
	}},
	{"SRV-FIL-41", "SRV-FIL-42", "FIL-13", "padding of length 0", func(c *peer.Client) *peer.Transfer {
		return pad(c, 0, 0, 0, 0, 0)
	}},
	{"SRV-FIL-43", "SRV-FIL-44", "FIL-13", "padding longer than a block", func(c *peer.Client) *peer.Transfer {
		return pad(c, 17, 17, 17, 17, 17)
	}},
}

// declare makes a transfer that says its ciphertext were longer by that much.
func declare(c *peer.Client, longer int) *peer.Transfer {
	t := c.NewTransfer("corrupt.bin", noise(3000, 6), peer.DefaultPacket)
	for i := range t.Packets {
		t.Packets[i].ContentSize = uint32(len(t.Cipher) + longer)
	}
	return t
}

// pad makes a transfer with these five bytes in place of its padding.
func pad(c *peer.Client, padding ...byte) *peer.Transfer {
	plain := noise(3008-len(padding), 7)
	cipher := peer.Encrypt(c.AES, append(bytes.Clone(plain), padding...))
	return c.Pack("corrupt.bin", plain, cipher[:3008], peer.DefaultPacket)
}

var _ = Describe("a corrupt file", Server, Order(7), func() {
	for _, bad := range corruptions {
		It("does not take "+bad.what+" for the right one", Case(bad.must, bad.clause), func(ctx SpecContext) {
			c := sender(ctx, casePackets)
			t := bad.make(c)
			Expect(c.SendTransfer(t)).To(NotPass(t))
			expectFile(again(ctx, c))
		})

		It("refuses "+bad.what+" with 1607", Case(bad.should, "FIL-26"), func(ctx SpecContext) {
			c := sender(ctx, casePackets)
			Expect(c.SendTransfer(bad.make(c))).To(RefuseByAnswer())
		})
	}

	It("refuses a file whose original size is wrong with 1607", Case("SRV-FIL-45", "FIL-14"), func(ctx SpecContext) {
		c := sender(ctx, casePackets)
		for _, size := range []uint32{2999, 3001, 0, 3008} {
			c = again(ctx, c)
			t := declare(c, 0)
			for i := range t.Packets {
				t.Packets[i].OriginalSize = size
			}
			Expect(c.SendTransfer(t)).To(Answer(spec.TypeError), "original size %d instead of 3000", size)
		}
	})

	It("refuses a file from an unknown id", Case("SRV-FIL-46", "FIL-17"), func(ctx SpecContext) {
		leave(ctx, sender(ctx))
		c := stranger(ctx, connect(ctx))
		Expect(c.SendFile("whose.txt", []byte("nobody's"))).To(Refuse())
	})

	It("refuses a file from a client that has no AES key yet", Case("SRV-FIL-47", "FIL-17"), func(ctx SpecContext) {
		from(ctx).ledger.Require(caseFile)
		c := registered(ctx)
		c.AES = make([]byte, c.Edition.KeySize())
		Expect(c.SendFile("too-early.txt", []byte("under zeros"))).To(Refuse())
	})
})
