package client

import (
	"bytes"
	"context"
	"encoding/hex"
	"fmt"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	. "github.com/xferspec/xferspec/conformance"
	"github.com/xferspec/xferspec/harness/peer"
	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/wire"
)

var _ = Describe("framing of requests", Client, Order(1), func() {
	It("begins every request with a header of 23 bytes and follows it with just the payload that it declares", Case(caseStep, "FRM-2", "FRM-4", "FRM-1"), Basic, fresh.label(), func(ctx SpecContext) {
		run := fresh.await(ctx)
		run.need(ctx, len(run.seen.Requests)+len(run.seen.Leftover) > 0, caseRegister, "see any request")
		Expect(run).To(KeepStep())
	})

	It("ends every text with a NUL", Case(caseTexts, "FRM-8"), Basic, fresh.label(), func(ctx SpecContext) {
		for _, t := range texts(ctx, fresh.await(ctx)) {
			Expect(bytes.IndexByte(t.field, 0)).NotTo(Equal(-1), "place of the NUL in the %s", t.where)
		}
	})

	It("fills the rest of a text field with zeros", Case("CLT-FRM-03", "FRM-10"), fresh.label(), func(ctx SpecContext) {
		for _, t := range texts(ctx, fresh.await(ctx)) {
			_, padding, _ := bytes.Cut(t.field, []byte{0})
			Expect(hex.EncodeToString(bytes.Trim(padding, "\x00"))).To(BeEmpty(), "bytes other than 0 after the NUL in the %s", t.where)
		}
	})
})

// bytewise are runs with a server that sends every byte in a segment of its own.
// How the client gets them is a race, which it may win once or twice.
var bytewise = repeated(5, "bytewise", caseSuccess, func(s *stage) {
	for _, t := range spec.RequestTypes() {
		s.answers(t, always, peer.InPieces(1, 0))
	}
})

// inPieces are runs with a server whose responses come in pieces, each of which
// the client can read before the next.
var inPieces = []struct {
	id, what string
	run      *scenario
}{
	{"CLT-FRM-08", "of 7 bytes, so that a header comes by itself", piecewise("pieces-of-7", 7)},
	{"CLT-FRM-09", "of 100 bytes, so that no wrapped key and no file name comes whole", piecewise("pieces-of-100", 100)},
}

// pieceGap is the time between two pieces: a client that waits for them has
// read the first by then.
const pieceGap = 3 * time.Millisecond

func piecewise(name string, size int) *scenario {
	return newScenario(name, caseSuccess, func(s *stage) {
		for _, t := range spec.RequestTypes() {
			s.answers(t, always, peer.InPieces(size, pieceGap))
		}
	})
}

// dirtyText is a server that leaves stale memory after the NUL of a file name.
var dirtyText = newScenario("dirty-text", caseSuccess, func(s *stage) {
	s.answers(spec.TypeFile, always, peer.Change(spec.TypeFileReceived, func(b []byte) []byte {
		for _, f := range wire.Layout(s.edition, spec.TypeFileReceived, len(b)-wire.ResponseHeaderSize) {
			if f.Kind == wire.KindText {
				_, padding, _ := bytes.Cut(b[f.Offset:f.Offset+f.Size], []byte{0})
				copy(padding, bytes.Repeat([]byte("stale"), len(padding)))
			}
		}
		return b
	}))
})

var _ = Describe("framing of whole conversations", Client, Order(9), func() {
	It("sends nothing but whole requests", Case("CLT-FRM-04", "FRM-4"), fresh.label(), func(ctx SpecContext) {
		run := fresh.await(ctx)
		run.first(ctx, spec.TypeCRCOK)
		Expect(run).To(LeaveNothing())
	})

	It("understands responses that arrive byte by byte", Case("CLT-FRM-05", "FRM-5"), labels(bytewise), func(ctx SpecContext) {
		var lost []*run
		for _, s := range bytewise {
			if run := s.await(ctx); !run.endedWell() {
				lost = append(lost, run)
			}
		}
		if len(lost) > 0 {
			Expect(lost[0]).To(EndWell(), "in %d of %d runs it does not", len(lost), len(bytewise))
		}
	})

	for _, row := range inPieces {
		It("understands responses that arrive in pieces "+row.what, Case(row.id, "FRM-5"), row.run.label(), func(ctx SpecContext) {
			run := row.run.await(ctx)
			run.first(ctx, spec.TypeRegister)
			Expect(run).To(EndWell())
		})
	}

	It("puts the id that it was given into the header of all that follows", Case("CLT-FRM-07", "FRM-2"), fresh.label(), func(ctx SpecContext) {
		run := fresh.await(ctx)
		run.first(ctx, spec.TypeCRCOK)
		for _, q := range run.seen.Requests {
			if q.Type() != spec.TypeRegister && q.Message != nil {
				Expect(run.ids(run.name)).To(ContainElement(q.Header.Client.String()), "the client id in the header of %v", q)
			}
		}
	})

	It("ignores what follows the NUL of the file name", Case("CLT-FRM-06", "FRM-9"), dirtyText.label(), func(ctx SpecContext) {
		run := dirtyText.await(ctx)
		run.first(ctx, spec.TypeCRCOK)
		Expect(run).To(EndWell())
	})
})

// text is a text field as it was sent.
type text struct {
	where string
	field []byte
}

// texts returns the text fields of the run's requests, one at least: also of
// those requests that are malformed within their payload.
func texts(ctx context.Context, r *run) []text {
	GinkgoHelper()
	var all []text
	for _, q := range r.seen.Requests {
		payload := len(q.Raw) - wire.RequestHeaderSize
		if payload != int(q.Header.Size) {
			continue
		}
		for _, f := range wire.Layout(r.edition, q.Meant(), payload) {
			if f.Kind == wire.KindText && f.Offset+f.Size <= len(q.Raw) {
				where := fmt.Sprintf("%s of %d %s, %d bytes at offset %d", f.Name, q.Header.Code, q.Meant(), f.Size, f.Offset)
				all = append(all, text{where, q.Raw[f.Offset : f.Offset+f.Size]})
			}
		}
	}
	r.need(ctx, len(all) > 0, caseRegister, "see any text")
	return all
}
