package client

import (
	"fmt"
	"math"
	"slices"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	. "github.com/xferspec/xferspec/conformance"
	"github.com/xferspec/xferspec/harness/peer"
	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/wire"
)

// exchange is a request and the response that a client expects to it.
type exchange struct {
	request, response spec.MessageType
	size              int // of the response's payload, in bytes, where it has one
}

var (
	registration = exchange{spec.TypeRegister, spec.TypeRegistered, 16}
	keyExchange  = exchange{spec.TypePublicKey, spec.TypeKeyAccepted, 144}
	login        = exchange{spec.TypeLogin, spec.TypeLoginAccepted, 144}
	transfer     = exchange{spec.TypeFile, spec.TypeFileReceived, 279}
	verification = exchange{spec.TypeCRCOK, spec.TypeThanks, 16}
)

// malformed is an exchange and the servers that spoil its response.
type malformed struct {
	id string // of the case
	exchange
	servers []*scenario
}

// misfits are servers whose responses of one type have another payload than
// they should, cuts those that close the connection inside one, doubles those
// that say everything twice.
var (
	misfits = []malformed{
		{"CLT-SEC-03", registration, misfitsOf(registration)},
		{"CLT-SEC-04", keyExchange, misfitsOf(keyExchange)},
		{"CLT-SEC-11", login, misfitsOf(login)},
		{"CLT-SEC-12", transfer, misfitsOf(transfer)},
		{"CLT-SEC-13", verification, misfitsOf(verification)},
	}
	cuts = []malformed{
		{"CLT-SEC-14", registration, cutsOf(registration, everyByte(22)...)},
		{"CLT-SEC-05", keyExchange, cutsOf(keyExchange, 1, 6, 7, 8, 22, 23, 24, 150)},
		{"CLT-SEC-15", login, cutsOf(login, 6, 7, 23, 150)},
		{"CLT-SEC-16", transfer, cutsOf(transfer, 1, 6, 7, 23, 27, 282, 285)},
		{"CLT-SEC-17", verification, cutsOf(verification, 1, 6, 7, 22)},
	}
	doubles = []malformed{
		{"CLT-SEC-18", registration, doubleOf(registration)},
		{"CLT-SEC-19", keyExchange, doubleOf(keyExchange)},
		{"CLT-SEC-20", login, doubleOf(login)},
		{"CLT-SEC-21", transfer, doubleOf(transfer)},
		{"CLT-SEC-22", verification, doubleOf(verification)},
	}
)

func everyByte(n int) []int {
	var all []int
	for i := range n {
		all = append(all, i+1)
	}
	return all
}

// misfitsOf returns servers that answer with a payload that is too short, too
// long or only declared, and close the connection, so that who waits for more
// is not kept waiting.
func misfitsOf(e exchange) []*scenario {
	var all []*scenario
	for _, odd := range []struct {
		what           string
		declared, sent int
	}{
		{"empty", 0, 0},
		{"a byte short", e.size - 1, e.size - 1},
		{"a byte long", e.size + 1, e.size + 1},
		{"of 4294967295 bytes", math.MaxUint32, e.size},
	} {
		all = append(all, e.spoilt(odd.what, always, declare(e.response, uint32(odd.declared), odd.sent)))
	}
	return all
}

// cutsOf returns servers that close the connection after so many bytes of a response.
func cutsOf(e exchange, lengths ...int) []*scenario {
	var all []*scenario
	for _, n := range lengths {
		all = append(all, e.spoilt(fmt.Sprintf("cut after %d", n), always, func(ed *spec.Edition, a *peer.Answer) {
			peer.Change(e.response, func(b []byte) []byte { return b[:min(n, len(b)-1)] })(ed, a)
			a.Close = true
		}))
	}
	return all
}

// doubleOf returns a server that says it twice, in one segment.
func doubleOf(e exchange) []*scenario {
	twice := peer.Change(e.response, func(b []byte) []byte { return append(b, b...) })
	return []*scenario{e.spoilt("twice", once, twice)}
}

// spoilt declares a scenario in which the response is not what it should be.
func (e exchange) spoilt(how string, last int, do peer.Action) *scenario {
	name := strings.ReplaceAll(fmt.Sprintf("%s %s", e.response, how), " ", "-")
	return at(e.request, name, func(s *stage) { s.answers(e.request, last, do) })
}

// declare answers with a header that declares a payload of that many bytes and
// with as many as are to be sent, those of the right payload and then zeros. It
// closes the connection.
func declare(t spec.MessageType, size uint32, sent int) peer.Action {
	return func(ed *spec.Edition, a *peer.Answer) {
		peer.Change(t, func(b []byte) []byte {
			payload := append(slices.Clone(b[wire.ResponseHeaderSize:]), make([]byte, sent)...)[:sent]
			code, _ := ed.Code(t)
			return append(wire.ResponseHeader{Version: ed.Version, Code: code, Size: size}.Append(nil), payload...)
		})(ed, a)
		a.Close = true
	}
}

var _ = Describe("malformed responses", Client, Order(13), func() {
	survives := func(run *run) { Expect(run).To(Survive()) }
	ends := func(run *run) { Expect(run).To(End()) }
	each(misfits, "does not crash when a %s response has another size than it should", survives, "SEC-1")
	each(cuts, "neither crashes nor hangs when the stream ends inside a %s response", ends, "SEC-1", "RTY-5")
	each(doubles, "does not crash when a %s response comes twice in one segment", survives, "SEC-1")
})

// each declares a case for every exchange, which looks at the runs in which its
// response was malformed.
func each(all []malformed, title string, expect func(run *run), clauses ...string) {
	for _, m := range all {
		It(fmt.Sprintf(title, m.response), Case(m.id, clauses...), labels(m.servers), func(ctx SpecContext) {
			for _, s := range m.servers {
				run := s.await(ctx)
				run.first(ctx, m.request)
				expect(run)
			}
		})
	}
}
