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

// Bounds of a relay.
const (
	relayConns       = 64               // connections at a time; more wait to be accepted
	relayDialTimeout = 10 * time.Second // for the connection onward
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
	ctx, cancel := context.WithCancel(ctx)
	defer context.AfterFunc(ctx, func() { _ = listener.Close() })()
	var running sync.WaitGroup
	defer running.Wait() // after the cancel below
	defer func() { _ = listener.Close() }()
	defer cancel()

	r := relay{to: to, edition: edition, done: done}
	free := make(chan struct{}, relayConns)
	for {
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
			r.serve(ctx, conn)
		})
	}
}

type relay struct {
	to, edition string
	mu          sync.Mutex
	done        func(*Transcript)
}

// serve forwards one connection until both directions have ended.
func (r *relay) serve(ctx context.Context, accepted net.Conn) {
	rec := NewRecorder(r.edition, 0)
	client := rec.Server(accepted)
	note, err := r.forward(ctx, client)
	if err != nil {
		reset(client)
	}
	_ = client.Close()
	t := rec.Transcript()
	t.Server, t.Note = r.to, note
	r.mu.Lock()
	defer r.mu.Unlock()
	r.done(t)
}

// forward copies both ways. The note says under which address the server saw
// the client, or why it did not.
func (r *relay) forward(ctx context.Context, client net.Conn) (note string, err error) {
	dialer := net.Dialer{Timeout: relayDialTimeout}
	server, err := dialer.DialContext(ctx, "tcp", r.to)
	if err != nil {
		return fmt.Sprintf("not forwarded: %v", err), err
	}
	defer server.Close()
	defer func() {
		if ctx.Err() != nil {
			note += "; broken off because the relay ended"
		}
	}()
	note = fmt.Sprintf("relayed: the server saw %s as its client", server.LocalAddr())
	stop := context.AfterFunc(ctx, func() {
		reset(client)
		reset(server)
	})
	defer stop()

	ends := make(chan error, 2)
	go func() { ends <- pass(server, client) }()
	go func() { ends <- pass(client, server) }()
	for range cap(ends) {
		if e := <-ends; e != nil && err == nil {
			err = e
			reset(client) // both, so that the other direction ends too
			reset(server)
		}
	}
	return note, err
}

// pass copies one direction and ends it as its sender did.
func pass(dst, src net.Conn) error {
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
