package target

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"

	api "github.com/moby/moby/api/types/container"
	"github.com/moby/moby/api/types/network"
	"github.com/moby/moby/client"
)

// addrOf returns where a port of a container is reached, "" if nowhere. That is
// the container's own address where this machine is the gateway of its network:
// the engine's proxy, which the published port leads to, accepts connections
// before anyone listens behind it, hides the client's source port from the
// server, and turns resets into orderly ends.
func addrOf(settings *api.NetworkSettings, port network.Port, own []netip.Addr, host string) string {
	if settings == nil {
		return ""
	}
	for _, n := range settings.Networks {
		if n.IPAddress.IsValid() && slices.Contains(own, n.Gateway) {
			return netip.AddrPortFrom(n.IPAddress, port.Num()).String()
		}
	}
	for _, binding := range settings.Ports[port] {
		return net.JoinHostPort(host, binding.HostPort)
	}
	return ""
}

// ownAddresses returns the addresses of this machine, none if the engine is on another one.
func (e *engine) ownAddresses() ([]netip.Addr, error) {
	if e.bind == "" {
		return nil, nil
	}
	found, err := net.InterfaceAddrs()
	if err != nil {
		return nil, fmt.Errorf("this machine's addresses: %w", err)
	}
	var own []netip.Addr
	for _, addr := range found {
		if prefix, err := netip.ParsePrefix(addr.String()); err == nil {
			own = append(own, prefix.Addr())
		}
	}
	return own, nil
}

// hostAddress returns the address of this machine that containers reach: the
// one from which it talks to the gateway of their network, which usually is the
// gateway's address itself, or to the machine of the engine.
func (e *engine) hostAddress(ctx context.Context) (string, error) {
	limited, cancel := context.WithTimeout(ctx, engineLimit)
	defer cancel()
	peer := e.host
	if e.bind != "" {
		name := e.provider.RuntimeConfig().DefaultBridgeNetwork
		found, err := e.client.NetworkInspect(limited, name, client.NetworkInspectOptions{})
		if err != nil {
			return "", failed(ctx, "describe its network", err)
		}
		gateway, err := gatewayOf(found.Network)
		if err != nil {
			return "", &EngineError{Doing: "name its network's gateway", Err: err}
		}
		peer = gateway.String()
	}
	var dialer net.Dialer
	conn, err := dialer.DialContext(limited, "udp4", net.JoinHostPort(peer, "9")) // this sends nothing
	if err != nil {
		return "", failed(ctx, "be reached through its network", err)
	}
	defer conn.Close()
	return conn.LocalAddr().(*net.UDPAddr).IP.String(), nil
}

// gatewayOf returns a network's gateway. An engine that has not been told one
// takes the first address, and may not say so.
func gatewayOf(n network.Inspect) (netip.Addr, error) {
	for _, pool := range n.IPAM.Config {
		if pool.Gateway.Is4() {
			return pool.Gateway, nil
		}
		if pool.Subnet.Addr().Is4() {
			return pool.Subnet.Masked().Addr().Next(), nil
		}
	}
	return netip.Addr{}, errors.New("the network has no IPv4 subnet")
}
