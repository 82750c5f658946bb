package trace

import (
	"net"
	"net/netip"
	"strconv"

	"github.com/xferspec/xferspec/spec"
)

// Ports from 49152 on belong to nobody (RFC 6335).
const (
	firstDynamicPort = 49152
	dynamicPorts     = 1 << 14
)

// Placeholders for addresses that are not known, by direction of the sender,
// from the blocks for documentation (RFC 5737, RFC 3849).
var (
	placeholders4 = [2]netip.Addr{netip.AddrFrom4([4]byte{192, 0, 2, 1}), netip.AddrFrom4([4]byte{192, 0, 2, 2})}
	placeholders6 = [2]netip.Addr{documentation6(1), documentation6(2)}
)

func documentation6(host byte) netip.Addr {
	return netip.AddrFrom16([16]byte{0x20, 0x01, 0x0d, 0xb8, 15: host})
}

// endpoints returns the addresses of the client and the server, both of one
// family: that of the client's, if it has an address, else of the server's.
func endpoints(t *Transcript, index int) [2]netip.AddrPort {
	client, clientPort := endpoint(t.Client)
	server, serverPort := endpoint(t.Server)
	hosts := [2]netip.Addr{client, server}
	places := placeholders4
	if client.Is6() || !client.IsValid() && server.Is6() {
		places = placeholders6
	}
	for dir, host := range hosts {
		if host.BitLen() != places[dir].BitLen() {
			hosts[dir] = places[dir]
		}
	}
	if clientPort == 0 {
		clientPort = firstDynamicPort + uint16(index%dynamicPorts)
	}
	if serverPort == 0 {
		serverPort = editionOf(t).DefaultPort
	}
	return [2]netip.AddrPort{netip.AddrPortFrom(hosts[0], clientPort), netip.AddrPortFrom(hosts[1], serverPort)}
}

// ServerPort returns the port of Server, or 0.
func (t *Transcript) ServerPort() uint16 {
	_, port := endpoint(t.Server)
	return port
}

// endpoint takes "host:port" apart. A host that is no IP address is the zero
// Addr, a port that is none is 0.
func endpoint(text string) (netip.Addr, uint16) {
	host, port, err := net.SplitHostPort(text)
	if err != nil {
		return netip.Addr{}, 0
	}
	number, err := strconv.ParseUint(port, 10, 16)
	if err != nil {
		number = 0
	}
	addr, err := netip.ParseAddr(host)
	if err != nil {
		return netip.Addr{}, uint16(number)
	}
	return addr.Unmap().WithZone(""), uint16(number)
}

// editionOf returns the edition of a transcript, or the default edition.
func editionOf(t *Transcript) *spec.Edition {
	ed, err := spec.LookupEdition(t.Edition)
	if err != nil {
		ed, _ = spec.LookupEdition(spec.DefaultEdition) // which there is
	}
	return ed
}
