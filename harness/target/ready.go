package target

import (
	"context"
	"errors"
	"net"
	"time"
)

// Ready asks a server whether it is ready, and returns nil if it is. It should
// speak the protocol: docker-proxy and its like accept connections before
// anyone listens behind them. It should end with ctx.
type Ready func(ctx context.Context, addr string) error

// How often Ready is tried.
const (
	firstPause   = time.Millisecond
	longestPause = 50 * time.Millisecond
	shortAttempt = 500 * time.Millisecond // cut off after less, it says nothing of the server
	attemptLimit = 2 * time.Second        // a connection that was accepted before the server ran may stay without an answer
)

// accepts is the Ready that is used where none is given.
func accepts(ctx context.Context, addr string) error {
	var dialer net.Dialer
	conn, err := dialer.DialContext(ctx, "tcp", addr)
	if err != nil {
		return err
	}
	return conn.Close()
}

// awaitReady tries until ready returns nil or ctx ends. Then the error is the
// last that ready returned, but for a short attempt that ctx cut off, or one that
// had not even connected: then this machine was busy.
func awaitReady(ctx context.Context, addr string, ready Ready) error {
	var last error
	for pause := firstPause; ; pause = min(2*pause, longestPause) {
		attempt, cancel := context.WithTimeout(ctx, attemptLimit)
		began := time.Now()
		err := ready(attempt, addr)
		cancel()
		if err == nil {
			return nil
		}
		if last == nil || ctx.Err() == nil || time.Since(began) > shortAttempt && !dialing(err) {
			last = err
		}
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return last
		}
	}
}

func dialing(err error) bool {
	op, ok := errors.AsType[*net.OpError](err)
	return ok && op.Op == "dial"
}
