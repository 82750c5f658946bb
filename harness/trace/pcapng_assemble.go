package trace

import (
	"bytes"
	"fmt"
	"net/netip"
	"slices"
	"time"

	"github.com/gopacket/gopacket/layers"
)

// Bounds of what waits for a gap in one direction to be filled.
const (
	maxWaiting      = 4096    // segments
	maxWaitingBytes = 4 << 20 // of their data
)

// assembler puts the packets of a capture together to transcripts. gopacket's
// own would register a flag for the whole program, and keeps no times.
type assembler struct {
	limits      captureLimits
	flows       map[flow]*captured // the last connection of two addresses
	connections []*captured        // in the order of their first packets
	kept        int64
	link        layers.LinkType // of the last packet
}

// flow is the two ends of a connection, the lower address first.
type flow [2]netip.AddrPort

// captured is a connection of a capture.
type captured struct {
	t      Transcript
	client netip.AddrPort
	first  uint32        // sequence number of the SYN, or else of the first packet
	last   time.Duration // time of the last event
	sides  [2]side
}

// side is one direction of a connection.
type side struct {
	known   bool      // next is
	next    uint32    // sequence number of the byte that is due
	highest uint32    // sequence number that was reached, by whatever packet
	waiting []arrived // beyond a gap, by sequence number
	bytes   int       // of their data
	fin     bool      // there is one, and
	end     uint32    // its sequence number
	room    int       // bytes that may still be kept
	seen    [kindCount]bool
}

// arrived is a segment that came before its turn.
type arrived struct {
	seq  uint32
	data []byte
}

// distance is how far b lies after a, in the arithmetic of sequence numbers.
func distance(a, b uint32) int { return int(int32(b - a)) }

// packet takes in a packet and returns its connection; nil where it is not TCP.
func (a *assembler) packet(p packet) (*captured, error) {
	a.link = p.link
	from, to, tcp, ok := p.tcp()
	if !ok {
		return nil, nil
	}
	c, err := a.connection(from, to, tcp, p)
	if err != nil {
		return nil, err
	}
	dir := ToServer
	if from != c.client {
		dir = ToClient
	}
	at := c.at(p.Timestamp)
	a.segment(c, dir, at, tcp)
	if a.kept > a.limits.kept {
		return nil, fmt.Errorf("the connections have more than %d MiB of data", a.limits.kept>>20)
	}
	return c, nil
}

// connection returns the connection that a packet belongs to, or begins.
func (a *assembler) connection(from, to netip.AddrPort, tcp *layers.TCP, p packet) (*captured, error) {
	key := flow{from, to}
	if to.Compare(from) < 0 {
		key = flow{to, from}
	}
	opens := tcp.SYN && !tcp.ACK
	if c := a.flows[key]; c != nil && (!opens || c.client == from && c.first == tcp.Seq) {
		return c, nil
	}
	if len(a.connections) == a.limits.connections {
		return nil, fmt.Errorf("more than %d connections", a.limits.connections)
	}
	c := &captured{client: from, first: tcp.Seq}
	server := to
	if tcp.SYN && tcp.ACK || !tcp.SYN && from.Port() < to.Port() {
		c.client, server = to, from
	}
	c.t = Transcript{Client: c.client.String(), Server: server.String()}
	if !p.Timestamp.IsZero() {
		c.t.Start = stamp(p.Timestamp).UTC()
	}
	c.t.identify(p.comments)
	for dir := range c.sides {
		c.sides[dir].room = MaxLimit
	}
	a.flows[key], a.connections = c, append(a.connections, c)
	return c, nil
}

// at returns the time since the connection's beginning, not before the last event's.
func (c *captured) at(t time.Time) time.Duration {
	return max(c.last, t.Sub(c.t.Start).Truncate(time.Microsecond))
}

// add appends an event.
func (c *captured) add(e Event) {
	c.t.Events = append(c.t.Events, e)
	c.last = e.At
}

// segment takes in one segment of a direction.
func (a *assembler) segment(c *captured, dir Direction, at time.Duration, tcp *layers.TCP) {
	s := &c.sides[dir]
	seq := tcp.Seq
	if tcp.SYN {
		seq++
	}
	if !s.known {
		s.known, s.next, s.highest = true, seq, seq
	}
	if tcp.RST {
		c.once(dir, at, Reset)
		return // its sequence number is none of the stream's
	}
	reached := seq + uint32(len(tcp.Payload))
	if tcp.FIN {
		s.fin, s.end = true, reached
		reached++
	}
	if distance(s.highest, reached) > 0 {
		s.highest = reached
	}
	a.data(c, dir, at, seq, tcp.Payload)
	for len(s.waiting) > 0 && distance(s.next, s.waiting[0].seq) <= 0 {
		w := s.waiting[0]
		s.waiting, s.bytes = s.waiting[1:], s.bytes-len(w.data)
		a.kept -= int64(len(w.data) + eventCost)
		a.data(c, dir, at, w.seq, w.data)
	}
	if s.fin && s.next == s.end {
		c.once(dir, at, End)
		s.next++
	}
}

// data takes in data: as an event if it is due, else it waits.
func (a *assembler) data(c *captured, dir Direction, at time.Duration, seq uint32, b []byte) {
	s := &c.sides[dir]
	ahead := distance(s.next, seq)
	switch {
	case -ahead >= len(b): // nothing, or all of it was there before
	case s.seen[Cut]:
		c.t.Dropped += int64(len(b))
	case ahead > 0:
		a.wait(c, dir, at, arrived{seq, b})
	default:
		b = b[-ahead:]
		s.next += uint32(len(b))
		keep := min(len(b), max(0, s.room-eventCost))
		if keep > 0 {
			c.add(Event{At: at, Dir: dir, Data: bytes.Clone(b[:keep])})
			s.room -= keep + eventCost
			a.kept += int64(keep + eventCost)
		}
		if keep < len(b) {
			c.t.Dropped += int64(len(b) - keep)
			c.once(dir, at, Cut)
		}
	}
}

// wait keeps data that is beyond a gap. When that becomes too much, the gap is
// taken for one that stays.
func (a *assembler) wait(c *captured, dir Direction, at time.Duration, w arrived) {
	s := &c.sides[dir]
	if len(s.waiting) == maxWaiting || s.bytes+len(w.data) > maxWaitingBytes {
		a.giveUp(c, dir, at)
		c.t.Dropped += int64(len(w.data))
		return
	}
	i, _ := slices.BinarySearchFunc(s.waiting, w.seq, func(w arrived, seq uint32) int { return distance(seq, w.seq) })
	w.data = bytes.Clone(w.data)
	s.waiting = slices.Insert(s.waiting, i, w)
	s.bytes += len(w.data)
	a.kept += int64(len(w.data) + eventCost)
}

// giveUp ends the recording of a direction at a gap.
func (a *assembler) giveUp(c *captured, dir Direction, at time.Duration) {
	s := &c.sides[dir]
	a.kept -= int64(s.bytes + len(s.waiting)*eventCost)
	c.t.Dropped += int64(s.bytes)
	s.waiting, s.bytes = nil, 0
	c.once(dir, at, Cut)
}

// once adds an event of a kind that a direction has only once.
func (c *captured) once(dir Direction, at time.Duration, kind Kind) {
	if s := &c.sides[dir]; !s.seen[kind] {
		s.seen[kind] = true
		c.add(Event{At: at, Dir: dir, Kind: kind})
	}
}

// finish ends the connections after the last packet, and returns them.
func (a *assembler) finish() []*Transcript {
	transcripts := make([]*Transcript, len(a.connections))
	for i, c := range a.connections {
		for _, dir := range directions {
			s := &c.sides[dir]
			if distance(s.next, s.highest) > 0 {
				a.giveUp(c, dir, c.last)
			}
			if s.fin && !s.seen[End] {
				c.once(dir, c.last, End)
			}
		}
		transcripts[i] = &c.t
	}
	return transcripts
}

// take hands out the events of a connection so far, and forgets them.
func (a *assembler) take(c *captured) []Event {
	events := c.t.Events
	c.t.Events = nil
	for _, e := range events {
		if e.Kind == Data {
			c.sides[e.Dir].room += len(e.Data) + eventCost
			a.kept -= int64(len(e.Data) + eventCost)
		}
	}
	return events
}
