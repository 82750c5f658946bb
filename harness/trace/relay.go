package trace

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
	"time"
)

// Bounds of what stands between two programs.
const (
	maxConns    = 64               // connections at a time; more wait to be accepted
	dialTimeout = 10 * time.Second // for the connection onward
)

// Relay accepts connections, forwards each to the address to, both ways and
// with half-closes and resets passed on, and records it. Each connection's
// transcript is handed to done when it has ended: never two at a time, and none
// after Relay has returned.
//
// Relay ends with ctx: then it closes the listener and all connections, and
// returns nil. An error is that of the listener. A connection that cannot be
// forwarded is reset, and its transcript's Note says why.
func Relay(ctx context.Context, listener net.Listener, to, edition string, done func(*Transcript)) error {
	var mu sync.Mutex
	return Accept(ctx, listener, func(ctx context.Context, _ int, accepted net.Conn) {
		rec := NewRecorder(edition, 0)
		onward := func(server net.Conn) net.Conn { return server }
		note, _ := Forward(ctx, rec.Server(accepted), to, onward, pass) // the note says what was wrong
		t := rec.Transcript()
		t.Server, t.Note = to, note
		mu.Lock()
		defer mu.Unlock()
		done(t)
	})
}

// Accept accepts connections, at most 64 at a time, numbers them from 1 and has
// serve see to each, in a goroutine of its own and until its context ends. Accept
// ends with ctx: then it closes the listener, waits for all of them and returns
// nil. An error is that of the listener.
func Accept(ctx context.Context, listener net.Listener, serve func(ctx context.Context, number int, conn net.Conn)) error {
	ctx, cancel := context.WithCancel(ctx)
	defer context.AfterFunc(ctx, func() { _ = listener.Close() })()
	var running sync.WaitGroup
	defer running.Wait() // after the cancel below
	defer func() { _ = listener.Close() }()
	defer cancel()

	free := make(chan struct{}, maxConns)
	for number := 1; ; number++ {
		select {
		case free <- struct{}{}:
		case <-ctx.Done():
			return nil
		}
		conn, err := listener.Accept()
		if ctx.Err() != nil {
			if conn != nil {
				_ = conn.Close()
			}
			return nil
		}
		if err != nil {
			return fmt.Errorf("relay at %s: %w", listener.Addr(), err)
		}
		running.Go(func() {
			defer func() { <-free }()
			serve(ctx, number, conn)
		})
	}
}

// Pass moves what travels in one direction from src to dst until src ends, and
// then ends dst's direction alike. An error breaks the connection off; so does
// the end of ctx, and then src and dst fail too.
type Pass func(ctx context.Context, dir Direction, dst, src net.Conn) error

// Forward connects client to the address to, has pass move both directions and
// closes both connections: in order if both directions ended so, else by a reset.
// onward wraps the connection to the server before anything travels on it. The
// note says, for people, under which address the server saw the client, or why
// it did not; the error is the first of the dialer's and pass's.
func Forward(ctx context.Context, client net.Conn, to string, onward func(net.Conn) net.Conn, pass Pass) (note string, err error) {
	defer client.Close()
	dialer := net.Dialer{Timeout: dialTimeout}
	server, err := dialer.DialContext(ctx, "tcp", to)
	if err != nil {
		reset(client)
		return fmt.Sprintf("not forwarded: %v", err), err
	}
	server = onward(server)
	defer server.Close()
	note = fmt.Sprintf("relayed: the server saw %s as its client", server.LocalAddr())
	if err = splice(ctx, client, server, pass); ctx.Err() != nil {
		note += "; broken off because the relay ended"
	}
	return note, err
}

// splice moves both directions until they have ended.
func splice(ctx context.Context, client, server net.Conn, pass Pass) error {
	breakOff := func() { // both, so that both directions end
		reset(client)
		reset(server)
	}
	stop := context.AfterFunc(ctx, breakOff)
	defer stop()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	ends := make(chan error, len(directions))
	go func() { ends <- pass(ctx, ToServer, server, client) }()
	go func() { ends <- pass(ctx, ToClient, client, server) }()
	var first error
	for range directions {
		if err := <-ends; err != nil && first == nil {
			first = err
			cancel() // pass may wait for something else than a connection
			breakOff()
		}
	}
	return first
}

// pass copies one direction and ends it as its sender did.
func pass(_ context.Context, _ Direction, dst, src net.Conn) error {
	if _, err := io.Copy(dst, src); err != nil {
		return err
	}
	half, ok := dst.(interface{ CloseWrite() error })
	if !ok {
		return errors.ErrUnsupported
	}
	return half.CloseWrite()
}

// reset breaks a connection off.
func reset(conn net.Conn) {
	if tcp, ok := conn.(interface{ SetLinger(int) error }); ok {
		_ = tcp.SetLinger(0)
	}
	_ = conn.Close()
}
