package server

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"slices"

	. "github.com/onsi/ginkgo/v2"

	. "github.com/xferspec/xferspec/conformance"
	"github.com/xferspec/xferspec/harness/peer"
	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/wire"
)

// probes are the requests one by one, with the cases about their delivery.
var probes = []struct {
	pieces, cut string // ids of the cases on requests in pieces and on those that break off
	what        string
	request     spec.MessageType
	clauses     []string // because of which an edition may not have it
	needs       string   // case that says whether it is answered at all
}{
	{"SRV-FRM-47", "SRV-FRM-62", "a registration", spec.TypeRegister, nil, caseRegister},
	{"SRV-FRM-48", "SRV-FRM-63", "a public key", spec.TypePublicKey, nil, caseKey},
	{"SRV-FRM-49", "SRV-FRM-64", "a login", spec.TypeLogin, []string{"LGN-2"}, caseLogin},
	{"SRV-FRM-50", "SRV-FRM-65", "a file", spec.TypeFile, nil, caseFile},
	{"SRV-FRM-51", "SRV-FRM-66", "1029", spec.TypeCRCOK, nil, caseThanks},
	{"SRV-FRM-52", "SRV-FRM-67", "1030", spec.TypeCRCBad, nil, caseResend},
	{"SRV-FRM-53", "SRV-FRM-68", "1031", spec.TypeCRCAbort, nil, caseAbort},
}

var _ = Describe("a request in pieces", Server, Order(8), func() {
	for _, row := range probes {
		It("understands "+row.what+" in two pieces, wherever it is cut, and in single bytes",
			Case(row.pieces, append([]string{"FRM-5"}, row.clauses...)...), func(ctx SpecContext) {
				owner, between := leave(ctx, sender(ctx)), pause(ctx)
				plain := probe(ctx, owner, row.request, (*peer.Client).SendBytes)
				from(ctx).ledger.Need(plain.Outcome == peer.Answered, row.needs, "get an answer to "+row.what, plain)
				message := owner.Encode(sample(ctx, owner, row.request))
				for _, at := range boundaries(owner.Edition, message) {
					r := probe(ctx, owner, row.request, func(c *peer.Client, b []byte) {
						c.Cut = func(b []byte) [][]byte { return [][]byte{b[:at], b[at:]} }
						c.Between = between
						c.SendBytes(b)
					})
					expectSame(plain, r, "cut after byte %d of %d", at, len(message))
				}
				r := probe(ctx, owner, row.request, func(c *peer.Client, b []byte) {
					c.Cut = func(b []byte) [][]byte { return singleBytes(c.Edition, b) }
					c.SendBytes(b)
				})
				expectSame(plain, r, "sent in single bytes")
			})
	}

	It("answers a request of any kind although the client has half-closed behind it", Case("SRV-FRM-56", "FRM-16"), func(ctx SpecContext) {
		for _, row := range probes {
			owner := leave(ctx, sender(ctx))                                       // 1026 and 1027 change the AES key
			if !owner.Edition.Has(row.request) || row.request == spec.TypeCRCBad { // 1030 has no answer
				continue
			}
			plain := probe(ctx, owner, row.request, (*peer.Client).SendBytes)
			from(ctx).ledger.Need(plain.Outcome == peer.Answered, row.needs, "get an answer to "+row.what, plain)
			expectSame(plain, probe(ctx, owner, row.request, func(c *peer.Client, b []byte) {
				c.SendBytes(b)
				c.CloseWrite()
			}), "half-closed behind it")
		}
	})
})

// probe delivers a request on a new connection and returns the answer. Before
// one about a checksum, the file goes there in the plain way; behind 1030,
// which has no answer of its own, it goes there again.
func probe(ctx context.Context, owner *peer.Client, t spec.MessageType, deliver func(*peer.Client, []byte)) peer.Reply {
	GinkgoHelper()
	c := beside(ctx, owner)
	defer leave(ctx, c)
	file := sample(ctx, c, spec.TypeFile)
	if t == spec.TypeCRCOK || t == spec.TypeCRCBad || t == spec.TypeCRCAbort {
		r := c.Exchange(file)
		from(ctx).ledger.Need(r.Type() == spec.TypeFileReceived, caseFile, "send a file", r)
	}
	deliver(c, c.Encode(sample(ctx, c, t)))
	if t == spec.TypeCRCBad {
		c.Cut = nil
		c.Send(file)
	}
	return c.Receive()
}

// boundaries returns where to cut a request so that the first piece ends with a
// field, a byte before, or a byte after.
func boundaries(ed *spec.Edition, message []byte) (cuts []int) {
	t := ed.Request(binary.LittleEndian.Uint16(message[17:]))
	for _, f := range wire.Layout(ed, t, len(message)-wire.RequestHeaderSize) {
		for _, at := range []int{f.Offset - 1, f.Offset, f.Offset + 1, f.Offset + f.Size - 1} {
			if at > 0 && at < len(message) {
				cuts = append(cuts, at)
			}
		}
	}
	slices.Sort(cuts)
	return slices.Compact(cuts)
}

// expectSame fails the case unless two answers are the same to the byte, but
// for ids and keys that are new every time.
func expectSame(plain, r peer.Reply, how string, args ...any) {
	GinkgoHelper()
	same := r.Outcome == plain.Outcome && bytes.Equal(lasting(r), lasting(plain))
	check(same, "as otherwise, "+plain.What(), "%s, which was %s", r, fmt.Sprintf(how, args...))
}

// lasting returns the bytes of an answer without those that are new every time.
func lasting(r peer.Reply) []byte {
	var fresh string
	switch r.Type() {
	case spec.TypeRegistered:
		fresh = "client id"
	case spec.TypeKeyAccepted, spec.TypeLoginAccepted:
		fresh = "wrapped key"
	default:
		return r.Raw
	}
	b := bytes.Clone(r.Raw)
	if _, f, err := r.Field(fresh); err == nil {
		clear(b[f.Offset : f.Offset+f.Size])
	}
	return b
}
