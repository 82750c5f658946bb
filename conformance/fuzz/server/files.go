package server

import (
	"slices"

	"github.com/xferspec/xferspec/harness/peer"
	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/wire"
)

// send sends a whole file.
func (p *play) send(k *conn, c *client, s Step) {
	id, _ := p.whose(c, s)
	owner := p.owner(id)
	t := p.pack(k.as(c, id), c, s)
	packets, generous := spoil(t, s.Fault)
	if slices.Contains(packetFaults, s.Fault) && len(t.Packets) < 3 || p.harmless(c, s) {
		return
	}
	p.say(k, c, "send %s, %d bytes in %d packets%s", t.Name, len(t.Plain), len(packets), wrong(s))
	if owner == nil || owner.aes == nil {
		p.writeAll(k, s, packets)
		p.settle(k, refused("FIL-17"), len(packets), true)
		return
	}
	at := lane{p.index(owner), s.File}
	delete(k.transfers, at)
	delete(p.ghosts[k.number], at)
	if s.Fault == "" {
		p.sendRight(k, c, s, t)
		return
	}
	clause, answered := "FIL-15", false
	switch s.Fault {
	case badPadding, ragged, staleKey, otherKey, otherID:
		clause, answered = "FIL-13", true
	case tooShort, tooLong:
		clause, answered = "FIL-12", true
	}
	l := refused(clause).or(otherFile(t, clause))
	if generous {
		l = refused(clause).or(plain(spec.TypeFileReceived))
	}
	p.writeAll(k, s, packets)
	took := p.settle(k, l, len(packets), answered)
	f := &owner.files[s.File]
	f.faulty = true
	if took {
		*f = file{state: open, faulty: true}
	}
	p.trait(s.Op, s.Fault, f.state, took)
}

// sendRight sends a file with which nothing is wrong.
func (p *play) sendRight(k *conn, c *client, s Step, t *peer.Transfer) {
	l := p.arrives(c, s, t)
	p.writeAll(k, s, t.Packets)
	r, ok := p.await(k, l, len(t.Cipher), func() (peer.Reply, bool) {
		next, err := p.reopen(k)
		if err != nil {
			return peer.Reply{}, false
		}
		p.writeAll(next.as(c, c.id), s, t.Packets)
		return p.await(next, l, len(t.Cipher), nil)
	})
	if ok {
		p.arrived(c, s, t, r)
	}
}

// arrives is what is legal for the last packet of a whole file. The clause is the
// one that the situation is about.
func (p *play) arrives(c *client, s Step, t *peer.Transfer) legal {
	f := &c.files[s.File]
	clause, sum := "FIL-11", "CRC-1"
	switch {
	case f.rejected:
		clause = "CRC-9"
	case f.faulty:
		clause = "FIL-15"
	case c.byLogin:
		clause = "LGN-5"
	case len(c.older) > 0:
		clause = "KEY-7"
	case p.underWay() > 0:
		clause = "FIL-18"
	case len(t.Packets) > 1:
		clause = "FIL-7"
	}
	if clause != "FIL-11" {
		sum = clause
	}
	l := one(clause, fileReceived(c, t, sum))
	if c.loose {
		l = refused(clause).or(l.answers...)
	}
	return l
}

// underWay returns how many transfers are.
func (p *play) underWay() (n int) {
	for _, k := range p.conns {
		if k != nil {
			n += len(k.transfers)
		}
	}
	return n
}

// arrived notes the answer to the last packet of a file.
func (p *play) arrived(c *client, s Step, t *peer.Transfer, r peer.Reply) {
	f := &c.files[s.File]
	p.trait(s.Op, "", f.state, f.faulty, f.rejected, c.byLogin, p.underWay() > 0, typeOf(r))
	if typeOf(r) != spec.TypeFileReceived {
		f.faulty = true
		return
	}
	c.taken[s.File] = true
	*f = file{state: received, conn: p.conns[s.Conn], plain: t.Plain, pending: f.pending}
}

// begin sends the first half of the packets of a file.
func (p *play) begin(k *conn, c *client, s Step) {
	if !p.ed.PacketFields || !c.known || c.aes == nil || c.loose {
		return
	}
	s.Parts = max(s.Parts, 2)
	t := &transfer{Transfer: p.pack(k.as(c, c.id), c, s), turn: c.turn}
	t.sent = len(t.Packets) / 2
	p.say(k, c, "begin %s, %d bytes, with packet 1 to %d of %d", t.Name, len(t.Plain), t.sent, len(t.Packets))
	at := lane{s.Who, s.File}
	clause := "FIL-8"
	if k.transfers[at] != nil {
		clause = "FIL-16"
	}
	delete(p.ghosts[k.number], at)
	k.transfers[at] = t
	p.writeAll(k, s, t.Packets[:t.sent])
	k.quiet = &quiet{clause, k.Sent()}
}

// proceed sends the rest of the packets.
func (p *play) proceed(k *conn, c *client, s Step) {
	at := lane{s.Who, s.File}
	t, here := k.transfers[at]
	if !here {
		if t = p.ghosts[k.number][at]; t == nil {
			return
		}
	}
	id, _ := p.whose(c, s)
	rest := t.Packets[t.sent:]
	p.say(k, c, "go on with %s, packet %d to %d%s", t.Name, t.sent+1, len(t.Packets), wrong(s))
	f := &c.files[s.File]
	switch {
	case s.Fault == otherID:
		other := lane{s.Other, s.File}
		p.writeAll(k.as(c, id), s, rest)
		p.settle(k, refused("FIL-18").or(otherFile(t.Transfer, "FIL-18")), len(rest), false)
		delete(k.transfers, other)
		p.clients[s.Other].files[s.File] = file{state: open, faulty: true}
	case !here:
		p.tell(" (of a connection that has ended)")
		delete(p.ghosts[k.number], at)
		p.writeAll(k.as(c, id), s, rest)
		if p.settle(k, refused("FIL-18").or(otherFile(t.Transfer, "FIL-18")), len(rest), false) {
			*f = file{state: open}
		}
		f.faulty = true
	case t.turn != c.turn: // whether the old AES key or the new one holds is not laid down
		delete(k.transfers, at)
		p.writeAll(k.as(c, id), s, rest)
		p.settle(k, refused("FIL-15").or(plain(spec.TypeFileReceived)), len(rest), false)
		*f = file{state: open, faulty: true}
	default:
		delete(k.transfers, at)
		l := p.arrives(c, s, t.Transfer)
		if l.clause == "FIL-7" {
			l.clause = "FIL-18"
		}
		p.writeAll(k.as(c, id), s, rest)
		if r, ok := p.await(k, l, len(t.Cipher), nil); ok {
			p.arrived(c, s, t.Transfer, r)
		}
	}
}

// writeAll sends packets, each in a write of its own.
func (p *play) writeAll(k *conn, s Step, packets []wire.File) {
	for i := range packets {
		p.write(k, s, &packets[i])
	}
}
