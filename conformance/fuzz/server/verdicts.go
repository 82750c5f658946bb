package server

import (
	"slices"

	"github.com/xferspec/xferspec/harness/peer"
	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/wire"
)

// index returns the number of a client.
func (m *model) index(c *client) int { return slices.Index(m.clients[:], c) }

// verdict sends 1029, 1030 or 1031.
func (p *play) verdict(k *conn, c *client, s Step) {
	id, _ := p.whose(c, s)
	owner := p.owner(id)
	name := p.names[s.File]
	none := &file{}
	f, under := none, false
	if owner != nil {
		f = &owner.files[s.File]
		_, under = k.transfers[lane{p.index(owner), s.File}]
	}
	// Here the server has to have the file, and this connection to speak of it.
	strict := f.state == received && f.conn == k && f.pending == nil && !f.faulty && !under
	k.as(c, id)
	switch s.Op {
	case OK:
		if owner != nil {
			owner.told[s.File] = true
		}
		p.say(k, c, "1029 for %s%s", name, wrong(s))
		l := refused("CRC-2").or(p.thanks(id, true))
		if strict {
			l = one("CRC-2", p.thanks(id, true))
		}
		r, ok := p.ask(k, s, &wire.CRCOK{Name: name}, l, refused("CRC-2").or(p.thanks(id, true)))
		if ok {
			p.trait(s.Op, s.Fault, f.state, strict, typeOf(r))
			f.confirm(r)
		}
	case Abort:
		p.say(k, c, "1031 for %s%s", name, wrong(s))
		l := refused("CRC-4").or(p.thanks(id, false))
		if strict {
			l = one("CRC-4", p.thanks(id, false))
		}
		r, ok := p.ask(k, s, &wire.CRCAbort{Name: name}, l, refused("CRC-4").or(p.thanks(id, false)))
		if ok {
			p.trait(s.Op, s.Fault, f.state, strict, typeOf(r))
			f.reject()
		}
	case Bad:
		p.say(k, c, "1030 for %s%s", name, wrong(s))
		p.write(k, s, &wire.CRCBad{Name: name})
		p.trait(s.Op, s.Fault, f.state, strict)
		if strict {
			k.quiet = &quiet{"CRC-3", k.Sent()}
		} else {
			p.settle(k, refused("CRC-3"), 1, false)
		}
		f.reject()
		if p.conns[s.Conn] == k && strict {
			f.pending = k
		}
	}
}

// confirm notes the answer to 1029.
func (f *file) confirm(r peer.Reply) {
	switch {
	case typeOf(r) != spec.TypeThanks:
		if f.state == received {
			f.state = open
		}
	case f.state == received && f.pending == nil && !f.faulty:
		f.state, f.verified = settled, f.plain
	case f.state != settled:
		f.state = open
	}
}

// reject notes 1030 or 1031: what the server keeps of the file is its own affair.
func (f *file) reject() {
	f.rejected = f.state == received
	f.verified = nil
	if f.state != absent {
		f.state = open
	}
}
