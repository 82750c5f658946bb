package server

import (
	"fmt"

	"github.com/xferspec/xferspec/conformance/fuzz"
	"github.com/xferspec/xferspec/harness/peer"
	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/wire"
)

// settle sends a request whose answer is known and reads up to that: before it,
// there may be answers of the set, up to most, and one has to be if that is due.
// It says whether a file was received.
func (p *play) settle(k *conn, l legal, most int, due bool) (took bool) {
	sent := k.Sent()
	probe := p.probe(k)
	for n := 0; ; n++ {
		r := p.receive(k, 0)
		r.Sent = sent
		if r.Ended() && (l.end || k.loose) {
			p.tell(" -> %s", r.What())
			p.drop(k)
			return took
		}
		if probe(r) {
			p.caughtUp(k)
			if n == 0 && due {
				p.find(l.missing(r))
			}
			k.quiet = nil
			return took
		}
		f := l.judge(r)
		if f == nil && n == most {
			f = l.missing(r)
			f.Expected, f.Actual = []string{"one answer"}, "another one, "+r.What()
		}
		if p.tell(" -> %s", shortly(r)); f != nil {
			p.find(f)
			return took
		}
		took = took || typeOf(r) == spec.TypeFileReceived
		k.loose = true
	}
}

// missing is the finding that there was no answer of the set.
func (l legal) missing(r peer.Reply) *fuzz.Finding {
	return &fuzz.Finding{Clause: l.clause, Sent: r.Sent, Expected: l.words(r.Edition), Actual: "no answer before that to the next request"}
}

// probe sends a request that is sure to be answered, and nothing else is
// answered so. It returns what recognizes the answer.
func (p *play) probe(k *conn) func(peer.Reply) bool {
	stranger := &client{name: fmt.Sprintf("%s-%d", p.clients[0].name, p.probes)}
	p.probes++
	stranger.id[0] = byte(p.probes)
	copy(stranger.id[1:], p.nonce)
	k.as(stranger, stranger.id)
	if !p.ed.Has(spec.TypeLogin) {
		p.write(k, Step{}, &wire.Register{Name: stranger.name})
		return func(r peer.Reply) bool { return r.Type() == spec.TypeRegistered }
	}
	p.write(k, Step{}, &wire.Login{Name: stranger.name})
	return func(r peer.Reply) bool {
		m, ok := r.Message.(*wire.LoginRefused)
		return ok && m.Client == stranger.id
	}
}
