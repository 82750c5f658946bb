package client

import (
	"context"
	"net"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	. "github.com/xferspec/xferspec/conformance"
	"github.com/xferspec/xferspec/harness/peer"
	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/state"
	"github.com/xferspec/xferspec/spec/wire"
)

// losses are the ways to lose a server in the middle of a conversation.
var losses = []struct {
	id, title string
	request   spec.MessageType // that is the last one
	run       *scenario
	also      []string // clauses besides, which an edition without packets does not have
}{
	{"CLT-RTY-15", "the server closes the connection on its registration", spec.TypeRegister, lossAt("closed-at-first", spec.TypeRegister, peer.HangUp), nil},
	{"CLT-RTY-48", "the server closes the connection on its public key", spec.TypePublicKey, lossAt("closed-at-key", spec.TypePublicKey, peer.HangUp), nil},
	{"CLT-RTY-49", "the server closes the connection on its login", spec.TypeLogin, lossAt("closed-at-login", spec.TypeLogin, peer.HangUp), nil},
	{"CLT-RTY-50", "the server closes the connection on its file", spec.TypeFile, lossAt("closed-at-file", spec.TypeFile, peer.HangUp), nil},
	{"CLT-RTY-17", "the server closes the connection on its 1029", spec.TypeCRCOK, closedAtLast, nil},
	{"CLT-RTY-51", "the server closes the connection in the middle of its file", spec.TypeFile, lossWithin("closed-within", peer.HangUp), []string{"FIL-1"}},
	{"CLT-RTY-52", "the server resets the connection on its registration", spec.TypeRegister, lossAt("reset-at-first", spec.TypeRegister, peer.HangUpHard), nil},
	{"CLT-RTY-53", "the server resets the connection on its public key", spec.TypePublicKey, lossAt("reset-at-key", spec.TypePublicKey, peer.HangUpHard), nil},
	{"CLT-RTY-54", "the server resets the connection on its login", spec.TypeLogin, lossAt("reset-at-login", spec.TypeLogin, peer.HangUpHard), nil},
	{"CLT-RTY-16", "the server resets the connection on its file", spec.TypeFile, lossAt("reset-at-file", spec.TypeFile, peer.HangUpHard), nil},
	{"CLT-RTY-55", "the server resets the connection on its 1029", spec.TypeCRCOK, lossAt("reset-at-last", spec.TypeCRCOK, peer.HangUpHard), nil},
	{"CLT-RTY-56", "the server resets the connection in the middle of its file", spec.TypeFile, lossWithin("reset-within", peer.HangUpHard), []string{"FIL-1"}},
}

var closedAtLast = lossAt("closed-at-last", spec.TypeCRCOK, peer.HangUp)

func lossAt(name string, request spec.MessageType, how peer.Action) *scenario {
	return at(request, name, func(s *stage) { s.answers(request, always, how) })
}

func lossWithin(name string, how peer.Action) *scenario {
	return newScenario(name, caseFile, func(s *stage) {
		s.content = contentOf(300_000)
		s.interrupts(how)
	})
}

// silences are servers that say nothing any more.
var silences = []struct {
	id, title string
	request   spec.MessageType
	run       *scenario
}{
	{"CLT-RTY-57", "its registration", spec.TypeRegister, silentAt("silent-at-first", spec.TypeRegister)},
	{"CLT-RTY-58", "its public key", spec.TypePublicKey, silentAt("silent-at-key", spec.TypePublicKey)},
	{"CLT-RTY-59", "its login", spec.TypeLogin, silentAt("silent-at-login", spec.TypeLogin)},
	{"CLT-RTY-60", "its file", spec.TypeFile, silentAt("silent-at-file", spec.TypeFile)},
	{"CLT-RTY-61", "its 1029", spec.TypeCRCOK, silentAt("silent-at-last", spec.TypeCRCOK)},
}

func silentAt(name string, request spec.MessageType) *scenario {
	s := at(request, name, func(s *stage) { s.answers(request, always, peer.Hush) })
	s.silent = true
	return s
}

// interrupted ends the case if there was nothing to interrupt: the last packet may
// have any length, and so hold the whole file.
func (r *run) interrupted(ctx context.Context) {
	if m := r.first(ctx, spec.TypeFile).Message.(*wire.File); m.Total == 1 {
		NotApplicable("the client sends the file in one packet")
	}
}

// nobody is an address at which nobody listens.
var nobody = newScenario("nobody", caseRegister, func(s *stage) {
	s.info = func(right state.TransferInfo) []byte {
		host, _, _ := net.SplitHostPort(right.Addr)
		right.Addr = net.JoinHostPort(host, "1") // tcpmux, which no system runs any more
		return right.Format()
	}
})

var _ = Describe("lost connections", Client, Order(11), func() {
	for _, row := range losses {
		It("ends, and does not report the same as after a success, when "+row.title, Case(row.id, append([]string{"RTY-5"}, row.also...)...), fresh.label(), row.run.label(), func(ctx SpecContext) {
			run := row.run.await(ctx)
			run.asked(ctx, row.request)
			if row.also != nil {
				run.interrupted(ctx)
			}
			Expect(run).To(End())
			Expect(run).NotTo(ReportLike(fresh.await(ctx)))
		})
	}

	It("ends, and does not report the same as after a success, when nobody listens at the address", Case("CLT-RTY-62", "RTY-5"), fresh.label(), nobody.label(), func(ctx SpecContext) {
		fresh.await(ctx).first(ctx, spec.TypeRegister) // where somebody does, it connects
		run := nobody.await(ctx)
		Expect(run).To(End())
		Expect(run).NotTo(ReportLike(fresh.await(ctx)))
	})
})

var _ = Describe("silence", Client, Order(20), func() {
	for _, row := range silences {
		It("gives up, and does not report the same as after a success, when the server says nothing to "+row.title, Case(row.id, "RTY-8"), fresh.label(), row.run.label(), func(ctx SpecContext) {
			run := row.run.await(ctx)
			run.asked(ctx, row.request)
			Expect(run).To(End())
			Expect(run).NotTo(ReportLike(fresh.await(ctx)))
		})
	}
})
