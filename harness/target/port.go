package target

import (
	"context"
	"fmt"
	"net"
	"sync"
)

// ports are those that freePort has given out. They are this process's as a
// whole because ports are.
var ports = struct {
	sync.Mutex
	given map[uint16]bool
}{given: map[uint16]bool{}}

// portAttempts bounds the search for a port that was not given out before.
const portAttempts = 1000

// freePort returns a port of 127.0.0.1 that nobody listens on, and never the
// same one twice.
func freePort(ctx context.Context) (uint16, error) {
	ports.Lock()
	defer ports.Unlock()
	config := net.ListenConfig{Control: bindStrictly}
	for range portAttempts {
		listener, err := config.Listen(ctx, "tcp4", "127.0.0.1:0")
		if err != nil {
			return 0, fmt.Errorf("looking for a free port: %w", err)
		}
		port := uint16(listener.Addr().(*net.TCPAddr).Port)
		_ = listener.Close()
		if !ports.given[port] {
			ports.given[port] = true
			return port, nil
		}
	}
	return 0, fmt.Errorf("no free port in %d attempts", portAttempts)
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
