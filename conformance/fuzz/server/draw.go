package server

import (
	"math/rand/v2"
	"slices"

	"github.com/xferspec/xferspec/spec"
)

// weights say how often an operation is drawn, of those that make sense.
var weights = map[Op]int{
	Register: 8, Key: 8, Login: 10, Send: 16, Begin: 8, Continue: 12, OK: 12, Bad: 8, Abort: 6,
	Close: 4, Cut: 2, Unknown: 2, Misfit: 2, Version: 1, Restart: 2,
}

// drawer draws the steps of a conversation. It knows roughly what is the case
// when all requests so far were granted, to draw steps that lead somewhere.
//
// Every conversation has its own taste: how many clients, connections and files it
// has, how often something is wrong, and which operations it likes or leaves out.
// Some mistakes show only where much of one kind comes together.
type drawer struct {
	*rand.Rand
	ed       *spec.Edition
	restarts bool // the server can be restarted, and has to keep what it knows
	last     Step

	clients, connections, files int
	wrongly                     int // one in how many steps has a fault
	weights                     map[Op]int

	registered, keyed [clients]bool
	sent              []Step // files that were sent
	begun             []Step // transfers that were begun
}

// draw returns a conversation of 3 to 20 steps.
func draw(r *rand.Rand, ed *spec.Edition, restarts bool) Conversation {
	d := &drawer{
		Rand: r, ed: ed, restarts: restarts,
		clients: 1 + r.IntN(clients), connections: 1 + r.IntN(connections), files: 1 + r.IntN(fileNames),
		wrongly: []int{3, 6, 20}[r.IntN(3)], weights: map[Op]int{},
	}
	for _, op := range operations {
		d.weights[op] = weights[op] * []int{0, 1, 1, 3}[r.IntN(4)]
	}
	for _, op := range []Op{Register, Key, Send} { // without them nothing happens
		d.weights[op] = max(d.weights[op], weights[op])
	}
	var c Conversation
	for range 3 + r.IntN(18) {
		s := d.step()
		c = append(c, s)
		d.note(s)
	}
	return c
}

// step draws one that makes sense.
func (d *drawer) step() Step {
	s := Step{Who: d.near(d.last.Who, d.clients), Conn: d.near(d.last.Conn, d.connections), File: d.near(d.last.File, d.files)}
	s.Op = d.op(s.Who)
	s.Other = (s.Who + 1 + d.IntN(clients-1)) % clients
	s.Key, s.Stale = d.IntN(keyPairs), d.chance(8)
	if d.chance(12) {
		s.Piece = []int{1, 7, 23, 300}[d.IntN(4)]
	}
	switch s.Op {
	case Send, Begin:
		s.Size, s.Parts = d.size(), 1
		if d.ed.PacketFields && (s.Op == Begin || d.chance(2)) {
			s.Parts = 2 + d.IntN(4)
		}
	case Continue:
		b := d.begun[d.IntN(len(d.begun))]
		s.Who, s.Conn, s.File = b.Who, b.Conn, b.File
	case OK, Bad, Abort:
		if len(d.sent) > 0 && !d.chance(8) {
			b := d.sent[len(d.sent)-1-d.IntN(min(2, len(d.sent)))]
			s.Who, s.File = b.Who, b.File
			if !d.chance(4) {
				s.Conn = b.Conn
			}
		}
	}
	if all := d.faults(s); len(all) > 0 && (s.Op == Cut || s.Op == Misfit || d.chance(d.wrongly)) {
		s.Fault = all[d.IntN(len(all))]
		if s.Op == Send && d.chance(3) { // those that are about what came before
			s.Fault = []string{staleKey, otherKey, otherID}[d.IntN(3)]
		}
	}
	if s.Fault != "" && slices.Contains(packetFaults, s.Fault) {
		s.Parts = max(s.Parts, 3)
	}
	return s
}

// near returns the same number as last time or, less often, any of them.
func (d *drawer) near(last, n int) int {
	if d.chance(3) {
		return d.IntN(n)
	}
	return last
}

func (d *drawer) chance(oneIn int) bool { return d.IntN(oneIn) == 0 }

// size draws the length of a file: often one at the edge of a block.
func (d *drawer) size() int {
	if d.chance(2) {
		return []int{0, 1, 15, 16, 17, 31, 32, 1007, 1008, 1023, 1024, 2000, 4096}[d.IntN(13)]
	}
	return d.IntN(3000)
}

// faults are those that a step can have in this edition.
func (d *drawer) faults(s Step) []string {
	return slices.DeleteFunc(slices.Clone(faults[s.Op]), func(fault string) bool {
		return !d.ed.PacketFields && slices.Contains(packetFaults, fault)
	})
}

// op draws an operation for a client.
func (d *drawer) op(who int) Op {
	sensible := func(op Op) bool {
		switch op {
		case Register:
			return !d.registered[who] || d.chance(4)
		case Key:
			return d.registered[who] || d.chance(8)
		case Login:
			return d.ed.Has(spec.TypeLogin) && (d.keyed[who] || d.chance(4))
		case Send:
			return d.keyed[who] || d.chance(10)
		case Begin:
			return d.ed.PacketFields && d.keyed[who]
		case Continue:
			return len(d.begun) > 0
		case OK, Bad, Abort:
			return len(d.sent) > 0 || d.chance(20)
		case Restart:
			return d.restarts && d.chance(2)
		}
		return true
	}
	var choice []Op
	for _, op := range operations { // in their order, not in that of the map
		if sensible(op) {
			choice = append(choice, slices.Repeat([]Op{op}, d.weight(op, who))...)
		}
	}
	return choice[d.IntN(len(choice))]
}

// weight makes it likely that a client first gets as far as sending files.
func (d *drawer) weight(op Op, who int) int {
	if op == Register && !d.registered[who] || op == Key && d.registered[who] && !d.keyed[who] {
		return 10 * d.weights[op]
	}
	return d.weights[op]
}

// note is called with every step that was drawn.
func (d *drawer) note(s Step) {
	d.last = s
	same := func(t Step) bool { return t.Who == s.Who && t.Conn == s.Conn && t.File == s.File }
	switch {
	case s.Op == Restart:
		d.begun = nil
	case s.Op == Close || s.Op == Cut:
		d.begun = slices.DeleteFunc(d.begun, func(t Step) bool { return t.Conn == s.Conn && !d.chance(4) })
	case s.Op == Continue && s.Fault == "":
		d.begun = slices.DeleteFunc(d.begun, same)
		d.sent = append(d.sent, s)
	case s.Fault != "":
	case s.Op == Register:
		d.registered[s.Who] = true
	case s.Op == Key:
		d.keyed[s.Who] = d.registered[s.Who]
	case s.Op == Send:
		d.sent = append(d.sent, s)
	case s.Op == Begin:
		d.begun = append(d.begun, s)
	}
}
