package trace

import (
	"bufio"
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"strings"

	"github.com/gopacket/gopacket"
	"github.com/gopacket/gopacket/layers"
	"github.com/gopacket/gopacket/pcapgo"
)

// captureLimits bound what reading a capture may cost.
type captureLimits struct {
	file        int64 // bytes
	packets     int
	connections int
	kept        int64 // bytes of data of all connections, counting 64 for every event
}

// defaultLimits are far beyond any capture of a test.
var defaultLimits = captureLimits{file: 1 << 30, packets: 4 << 20, connections: 1 << 16, kept: 512 << 20}

// captureMagics begin the files that ReadPcapng reads: pcapng, and pcap of either
// byte order with times in microseconds or nanoseconds.
var captureMagics = []string{
	"\x0a\x0d\x0d\x0a",
	"\xd4\xc3\xb2\xa1", "\xa1\xb2\xc3\xd4", "\x4d\x3c\xb2\xa1", "\xa1\xb2\x3c\x4d",
}

// CaptureMagics returns what the files that ReadPcapng reads begin with, 4 bytes each.
func CaptureMagics() []string { return append([]string(nil), captureMagics...) }

// ReadPcapng reads a capture file, pcapng or the older pcap, and returns its TCP
// connections in the order of their first packets. Each captured segment is an
// event, without what it only repeats, at the time when all before it was there.
// It reads what WritePcapng wrote and what Wireshark, tshark and tcpdump capture
// on Ethernet, on "any" interface of Linux, on loopback interfaces and from raw IP.
//
// The client is who sent the SYN; if that is missing, the side with the higher
// port. A gap that nothing fills is a Cut: what follows in that direction is
// counted in Dropped, as is what exceeds the limit of a recorder. Edition, Note
// and Secrets are there only in a capture by WritePcapng. Fragments of IP are
// passed over.
//
// Where the file breaks off in the middle, or is malformed from there on, what was
// before is returned along with the error. A file that is no capture, has no TCP connection or exceeds 1 GiB, 4 Mi
// packets, 65,536 connections or 512 MiB of data is an error.
func ReadPcapng(r io.Reader) ([]*Transcript, error) { return readCapture(r, defaultLimits) }

func readCapture(r io.Reader, limits captureLimits) ([]*Transcript, error) {
	limited := &io.LimitedReader{R: r, N: limits.file + 1}
	next, err := openCapture(bufio.NewReader(limited))
	if err != nil {
		return nil, fmt.Errorf("not a capture: %w", err)
	}
	a := assembler{limits: limits, flows: map[flow]*captured{}}
	for number := 1; ; number++ {
		p, err := next()
		switch {
		case limited.N == 0:
			return nil, fmt.Errorf("the capture is longer than %d bytes", limits.file)
		case errors.Is(err, io.EOF) && number == 1:
			return nil, errors.New("the capture has no packets")
		case errors.Is(err, io.EOF):
			if len(a.connections) == 0 {
				return nil, fmt.Errorf("no TCP connection among %d packets of link type %s", number-1, a.link)
			}
			return a.finish(), nil
		case err != nil:
			return a.finish(), fmt.Errorf("packet %d: %w", number, err)
		case number > limits.packets:
			return nil, fmt.Errorf("the capture has more than %d packets", limits.packets)
		}
		if _, err := a.packet(p); err != nil {
			return nil, fmt.Errorf("packet %d: %w", number, err)
		}
	}
}

// packet is one packet of a capture; its data is overwritten by the next.
type packet struct {
	gopacket.CaptureInfo
	link     layers.LinkType
	data     []byte
	comments []string
}

// openCapture returns the function that yields the packets, and in the end io.EOF.
func openCapture(r *bufio.Reader) (next func() (packet, error), err error) {
	magic, err := r.Peek(len(captureMagics[0]))
	if err != nil {
		return nil, fmt.Errorf("it has %d bytes", len(magic))
	}
	if string(magic) == captureMagics[0] {
		return openPcapng(r)
	}
	for _, known := range captureMagics[1:] {
		if string(magic) == known {
			return openPcap(r)
		}
	}
	return nil, fmt.Errorf("it begins with % x, neither pcapng nor pcap", magic)
}

func openPcapng(r io.Reader) (func() (packet, error), error) {
	in, err := pcapgo.NewNgReader(r, pcapgo.NgReaderOptions{WantMixedLinkType: true, SkipUnknownVersion: true})
	if err != nil {
		return nil, err
	}
	return func() (packet, error) {
		data, info, options, err := in.ZeroCopyReadPacketDataWithOptions()
		if err != nil {
			return packet{}, err
		}
		link, _ := info.AncillaryData[0].(layers.LinkType)
		return packet{info, link, data, options.Comments}, nil
	}, nil
}

func openPcap(r io.Reader) (func() (packet, error), error) {
	in, err := pcapgo.NewReader(r)
	if err != nil {
		return nil, err
	}
	return func() (packet, error) {
		data, info, err := in.ZeroCopyReadPacketData()
		return packet{CaptureInfo: info, link: in.LinkType(), data: data}, err
	}, nil
}

// tcp returns the addresses and the segment in a packet; ok is false where there is none.
func (p *packet) tcp() (from, to netip.AddrPort, tcp *layers.TCP, ok bool) {
	link := p.link
	if link == layers.LinkTypeIPv4 || link == layers.LinkTypeIPv6 {
		link = layers.LinkTypeRaw // which looks at the version
	}
	decoded := gopacket.NewPacket(p.data, link, gopacket.DecodeOptions{Lazy: true, NoCopy: true})
	network := decoded.NetworkLayer()
	tcp, ok = decoded.TransportLayer().(*layers.TCP)
	if network == nil || !ok {
		return from, to, nil, false
	}
	src, dst := network.NetworkFlow().Endpoints()
	fromAddr, fromOK := netip.AddrFromSlice(src.Raw())
	toAddr, toOK := netip.AddrFromSlice(dst.Raw())
	return netip.AddrPortFrom(fromAddr, uint16(tcp.SrcPort)), netip.AddrPortFrom(toAddr, uint16(tcp.DstPort)), tcp, fromOK && toOK
}

// identify restores what identity told of a transcript.
func (t *Transcript) identify(comments []string) {
	for _, comment := range comments {
		if edition, ok := strings.CutPrefix(comment, editionComment); ok {
			t.Edition = edition
		} else if note, ok := strings.CutPrefix(comment, noteComment); ok {
			t.Note = note
		} else if key, ok := cutKey(comment, privateKeyComment); ok {
			t.secrets().PrivateKey = key
		} else if key, ok := cutKey(comment, aesKeyComment); ok {
			t.secrets().AESKeys = append(t.secrets().AESKeys, key)
		}
	}
	if t.Secrets.check() != nil {
		t.Secrets = nil // a comment that somebody changed
	}
}

func cutKey(comment, prefix string) (Key, bool) {
	digits, ok := strings.CutPrefix(comment, prefix)
	if !ok {
		return nil, false
	}
	key, err := hex.DecodeString(digits)
	return bytes.Clone(key), err == nil
}

func (t *Transcript) secrets() *Secrets {
	if t.Secrets == nil {
		t.Secrets = new(Secrets)
	}
	return t.Secrets
}
