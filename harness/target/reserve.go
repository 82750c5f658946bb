package target

import (
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"time"
)

// How ReservePort waits.
const (
	reservePause    = 20 * time.Millisecond // between two tries
	foreignPatience = 10 * time.Second      // for another program to stop listening
)

// ReservePort waits, no longer than ctx, until a certain port of this machine
// can be bound by a server that sets no options, and keeps others who call it,
// in any process, from having it too until release is called. Another program
// that listens on the port is waited for, but not as long as leftovers are.
func ReservePort(ctx context.Context, port uint16) (release func(), err error) {
	path := filepath.Join(os.TempDir(), fmt.Sprintf("xferspec-port-%d.lock", port))
	for {
		if release, err = lockFile(path); err == nil {
			break
		}
		if !pauseUntil(ctx) {
			return nil, fmt.Errorf("port %d: another run keeps it (%w)", port, err)
		}
	}
	patience := time.Now().Add(foreignPatience)
	for {
		var strict net.ListenConfig
		strict.Control = bindStrictly
		if err = tryListen(ctx, strict, port); err == nil {
			return release, nil
		}
		foreign := tryListen(ctx, net.ListenConfig{}, port) != nil
		if foreign && time.Now().After(patience) || !pauseUntil(ctx) {
			release()
			reason := "not free yet" // what is left of closed connections keeps it for a minute
			if foreign {
				reason = "another program listens on it"
			}
			return nil, fmt.Errorf("port %d: %s (%w)", port, reason, err)
		}
	}
}

func tryListen(ctx context.Context, config net.ListenConfig, port uint16) error {
	listener, err := config.Listen(ctx, "tcp", net.JoinHostPort("", strconv.Itoa(int(port))))
	if err != nil {
		return err
	}
	return listener.Close()
}

// pauseUntil says whether there is time for another attempt.
func pauseUntil(ctx context.Context) bool {
	select {
	case <-time.After(reservePause):
		return true
	case <-ctx.Done():
		return false
	}
}
