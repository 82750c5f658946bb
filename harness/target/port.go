package target

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"sync"
)

// ports are those that freePort has given out. They are this process's as a
// whole because ports are.
var ports = struct {
	sync.Mutex
	given map[uint16]bool
}{given: map[uint16]bool{}}

// The ports from which freePort chooses: beneath those that systems take for
// outgoing connections, one of which may otherwise get the port between its
// choice and the server's start.
const (
	firstPort = 10000
	lastPort  = 32000
)

// portAttempts bounds the search for a port that was not given out before.
const portAttempts = 1000

// freePort returns a port of 127.0.0.1 that nobody listens on, and never the
// same one twice.
func freePort(ctx context.Context) (uint16, error) {
	ports.Lock()
	defer ports.Unlock()
	config := net.ListenConfig{Control: bindStrictly}
	for range portAttempts {
		port := firstPort + rand.N[uint16](lastPort-firstPort) //nolint:gosec // no secret
		if ports.given[port] {
			continue
		}
		listener, err := config.Listen(ctx, "tcp4", fmt.Sprintf("127.0.0.1:%d", port))
		if err == nil {
			ports.given[port] = true
			return port, listener.Close()
		}
		if ctx.Err() != nil {
			return 0, fmt.Errorf("looking for a free port: %w", ctx.Err())
		}
	}
	return 0, fmt.Errorf("no free port from %d to %d in %d attempts", firstPort, lastPort, portAttempts)
}

// portIsFree returns an error if someone listens on a port of this machine.
func portIsFree(ctx context.Context, port uint16) error {
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp4", fmt.Sprintf(":%d", port))
	if err != nil {
		return fmt.Errorf("the port is taken: %w", err)
	}
	return listener.Close()
}
