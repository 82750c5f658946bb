package trace

import (
	"encoding/binary"
	"encoding/hex"
	"math"
	"net/netip"
	"slices"
	"time"

	"github.com/gopacket/gopacket"
	"github.com/gopacket/gopacket/layers"
)

const (
	mss         = 1460 // bytes of data in a segment, as on an Ethernet
	windowShift = 14   // the largest there is, so that no window is ever full
	hops        = 64
)

// flags are those of a TCP header.
type flags uint8

const (
	flagFIN flags = 1 << iota
	flagSYN
	flagRST
	flagPSH
	flagACK
)

// segment is one packet of a capture.
type segment struct {
	at       time.Time
	from, to netip.AddrPort
	seq, ack uint32
	flags    flags
	payload  []byte
	comments []string
}

// connection lays a transcript out as segments.
type connection struct {
	start    time.Time
	addr     [2]netip.AddrPort // of the sender, by direction
	next     [2]uint32         // sequence number that the sender's next byte gets
	segments []segment
	data     [2][]sent
}

// sent says where the data of a segment ends in its direction.
type sent struct {
	end     int64
	segment int
}

// newConnection begins with the handshake.
func newConnection(t *Transcript, index int) *connection {
	c := &connection{start: stamp(t.Start), addr: endpoints(t, index)}
	// Connections of the same addresses are told apart by where they begin to count.
	c.next = [2]uint32{uint32(index) << 16, uint32(index)<<16 | 1<<15}
	c.send(0, ToServer, flagSYN, nil, identity(t)...)
	c.send(0, ToClient, flagSYN|flagACK, nil)
	c.send(0, ToServer, flagACK, nil)
	return c
}

// identity returns the comments from which a reader restores what packets do not tell.
func identity(t *Transcript) []string {
	var comments []string
	if t.Edition != "" {
		comments = append(comments, editionComment+t.Edition)
	}
	if t.Note != "" {
		comments = append(comments, noteComment+t.Note)
	}
	if t.Secrets != nil {
		if len(t.Secrets.PrivateKey) > 0 {
			comments = append(comments, privateKeyComment+hex.EncodeToString(t.Secrets.PrivateKey))
		}
		for _, key := range t.Secrets.AESKeys {
			comments = append(comments, aesKeyComment+hex.EncodeToString(key))
		}
	}
	return comments
}

// add appends the segments of an event.
func (c *connection) add(e Event) {
	switch e.Kind {
	case Data:
		for piece := range slices.Chunk(e.Data, mss) {
			c.send(e.At, e.Dir, flagACK, piece)
		}
		c.segments[len(c.segments)-1].flags |= flagPSH
		c.send(e.At, e.Dir.opposite(), flagACK, nil)
	case End:
		c.send(e.At, e.Dir, flagFIN|flagACK, nil)
		c.send(e.At, e.Dir.opposite(), flagACK, nil)
	case Reset:
		c.send(e.At, e.Dir, flagRST|flagACK, nil)
	case Cut:
		c.next[e.Dir]++
		c.send(e.At, e.Dir, flagACK, nil, "the recorder's limit was reached: what the "+e.Dir.Sender()+" sent here is missing")
	}
}

func (c *connection) send(at time.Duration, dir Direction, f flags, payload []byte, comments ...string) {
	s := segment{
		at: stamp(c.start.Add(at)), from: c.addr[dir], to: c.addr[dir.opposite()],
		seq: c.next[dir], flags: f, payload: payload, comments: comments,
	}
	if f&flagACK != 0 {
		s.ack = c.next[dir.opposite()]
	}
	if n := int64(len(payload)); n > 0 {
		if before := c.data[dir]; len(before) > 0 {
			n += before[len(before)-1].end
		}
		c.data[dir] = append(c.data[dir], sent{n, len(c.segments)})
	}
	c.next[dir] += uint32(len(payload))
	if f&(flagSYN|flagFIN) != 0 {
		c.next[dir]++
	}
	c.segments = append(c.segments, s)
}

// serialize writes the packet into a buffer, in place of what was there.
func (s *segment) serialize(buffer gopacket.SerializeBuffer) error {
	tcp := &layers.TCP{
		SrcPort: layers.TCPPort(s.from.Port()), DstPort: layers.TCPPort(s.to.Port()),
		Seq: s.seq, Ack: s.ack, Window: math.MaxUint16,
		FIN: s.flags&flagFIN != 0, SYN: s.flags&flagSYN != 0, RST: s.flags&flagRST != 0,
		PSH: s.flags&flagPSH != 0, ACK: s.flags&flagACK != 0,
	}
	if tcp.SYN {
		tcp.Options = []layers.TCPOption{
			{OptionType: layers.TCPOptionKindMSS, OptionLength: 4, OptionData: binary.BigEndian.AppendUint16(nil, mss)},
			{OptionType: layers.TCPOptionKindWindowScale, OptionLength: 3, OptionData: []byte{windowShift}},
		}
	}
	ip, err := s.network(tcp)
	if err != nil {
		return err
	}
	complete := gopacket.SerializeOptions{FixLengths: true, ComputeChecksums: true}
	return gopacket.SerializeLayers(buffer, complete, ip, tcp, gopacket.Payload(s.payload))
}

// network returns the IP header, and tells tcp of it for its checksum.
func (s *segment) network(tcp *layers.TCP) (gopacket.SerializableLayer, error) {
	from, to := s.from.Addr(), s.to.Addr()
	if from.Is4() {
		ip := &layers.IPv4{
			Version: 4, TTL: hops, Flags: layers.IPv4DontFragment, Protocol: layers.IPProtocolTCP,
			SrcIP: from.AsSlice(), DstIP: to.AsSlice(),
		}
		return ip, tcp.SetNetworkLayerForChecksum(ip)
	}
	ip := &layers.IPv6{
		Version: 6, HopLimit: hops, NextHeader: layers.IPProtocolTCP,
		SrcIP: from.AsSlice(), DstIP: to.AsSlice(),
	}
	return ip, tcp.SetNetworkLayerForChecksum(ip)
}
