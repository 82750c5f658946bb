package server

import (
	"bytes"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	. "github.com/xferspec/xferspec/conformance"
	"github.com/xferspec/xferspec/harness/peer"
	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/wire"
)

// oddNames are printable and lead nowhere, and yet trip programs up. A server
// may refuse one, say because its disk does; it is not accused of that.
var oddNames = []struct {
	client, file string // ids of the cases
	what, name   string
}{
	{"SRV-REG-12", "SRV-FIL-104", "254 bytes", strings.Repeat("n", wire.MaxText)},
	{"SRV-REG-13", "SRV-FIL-105", "spaces", " a name  with spaces "},
	{"SRV-REG-14", "SRV-FIL-106", "quotes", `it's "quoted"`},
	{"SRV-REG-15", "SRV-FIL-107", "SQL", "x'); DROP TABLE clients; DROP TABLE files; --"},
	{"SRV-REG-16", "SRV-FIL-108", "format directives", "%s%n%d{}{0}${HOME}"},
}

var _ = Describe("odd names", Server, Order(9), func() {
	for _, odd := range oddNames {
		It("takes a client's name with "+odd.what+" as it is, or refuses it", Case(odd.client, "REG-6"), func(ctx SpecContext) {
			witness := leave(ctx, sender(ctx, caseTaken))
			c, name := connect(ctx), unusedName(ctx, odd.name)
			r := c.Register(name)
			Expect(r).To(Process(spec.TypeRegistered, spec.TypeRegistrationRefused))
			if r.Type() == spec.TypeRegistered {
				c = again(ctx, c)
				Expect(c.Exchange(&wire.Register{Name: name})).To(Answer(spec.TypeRegistrationRefused), "the name once more")
				c = again(ctx, c)
				Expect(c.SendKey(from(ctx).keys.get(0))).To(Answer(spec.TypeKeyAccepted))
			}
			leave(ctx, c)
			expectFile(again(ctx, witness))
		})

		It("receives a file whose name has "+odd.what+", or refuses it", Case(odd.file, "FIL-9"), func(ctx SpecContext) {
			c := sender(ctx)
			t := c.NewTransfer(odd.name, []byte("the name is all that is odd"), peer.DefaultPacket)
			r := c.SendTransfer(t)
			Expect(r).To(Process(spec.TypeFileReceived))
			if r.Type() == spec.TypeFileReceived {
				Expect(r).To(Acknowledge(t))
				Expect(r).To(Carry("file name", odd.name))
			}
			expectFile(again(ctx, c))
		})
	}

	It("ends the file name in 1603 with a NUL, however long it is", Case("SRV-FRM-72", "FRM-8"), func(ctx SpecContext) {
		c := keyed(ctx)
		for _, size := range []int{1, 100, wire.MaxText} {
			c = again(ctx, c)
			r := c.SendFile(strings.Repeat("n", size), []byte("a file"))
			if r.Header.Code != code(c.Edition, spec.TypeFileReceived) {
				continue // no text from the server
			}
			for _, f := range wire.Layout(c.Edition, spec.TypeFileReceived, len(r.Raw)-wire.ResponseHeaderSize) {
				if f.Name == "file name" && f.Offset+f.Size <= len(r.Raw) { // without a NUL the reply is malformed
					name := r.Raw[f.Offset : f.Offset+f.Size]
					check(bytes.IndexByte(name, 0) >= 0, "a NUL in the file name of 1603", "none, %q", name)
				}
			}
		}
	})

	for _, row := range []struct{ id, what, name string }{
		{"SRV-FRM-73", "with a newline", "line\nline.txt\x00"},
		{"SRV-FRM-74", "with a byte above 0x7E", "caf\xc3\xa9.txt\x00"},
	} {
		It("refuses a file name "+row.what, Case(row.id, "FRM-11"), func(ctx SpecContext) {
			c := sender(ctx)
			t := c.NewTransfer(strings.Repeat("x", 20), []byte("a file without a proper name"), peer.DefaultPacket)
			c.SendBytes(withText(c, &t.Packets[0], "file name", row.name))
			Expect(c.ReceiveFor(t)).To(RefuseByAnswer())
		})
	}

	It("refuses requests of all kinds whose text has no NUL", Case("SRV-FRM-75", "FRM-11"), func(ctx SpecContext) {
		owner := leave(ctx, keyed(ctx))
		for _, p := range probes {
			if !owner.Edition.Has(p.request) {
				continue
			}
			c := beside(ctx, owner)
			field := "file name"
			if p.request <= spec.TypeLogin {
				field = "name"
			}
			c.SendBytes(withText(c, sample(ctx, c, p.request), field, strings.Repeat("x", wire.TextSize)))
			Expect(c.Receive()).To(RefuseByAnswer(refusals(p.request)...), p.what)
			leave(ctx, c)
		}
	})

	for _, row := range []struct {
		id, what string
		request  spec.MessageType
		clauses  []string
		needs    string
	}{
		{"SRV-FRM-76", "a public key", spec.TypePublicKey, []string{"FRM-9"}, caseKey},
		{"SRV-FRM-77", "a login", spec.TypeLogin, []string{"FRM-9", "LGN-2"}, caseLogin},
	} {
		It("ignores what follows the NUL of the name in "+row.what, Case(row.id, row.clauses...), func(ctx SpecContext) {
			from(ctx).ledger.Require(row.needs)
			c := again(ctx, keyed(ctx))
			c.SendBytes(withText(c, sample(ctx, c, row.request), "name", c.Name+"\x00leftover"))
			Expect(c.Receive()).To(Answer(spec.TypeKeyAccepted, spec.TypeLoginAccepted))
		})
	}
})

// unusedName puts a new name before an odd one, of which it leaves out what
// does not fit.
func unusedName(ctx SpecContext, odd string) string {
	name := from(ctx).newName() + odd
	return name[:min(len(name), wire.MaxText)]
}
