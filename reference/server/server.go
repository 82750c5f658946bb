package server

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"sync"
	"time"

	"github.com/xferspec/xferspec/reference/store"
)

// Server answers clients on one listener.
type Server struct {
	cfg   Config
	store *store.Store

	sessions sync.WaitGroup
	mu       sync.Mutex
	conns    map[net.Conn]struct{} // open ones
}

// New opens the data folder. The error is that of store.Open. The folder is in use
// until Serve returns.
func New(cfg Config) (*Server, error) {
	cfg.Limits = cfg.Limits.withDefaults()
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	data, err := store.Open(context.Background(), cfg.Dir, cfg.Edition.Database)
	if err != nil {
		return nil, err
	}
	return &Server{cfg: cfg, store: data, conns: map[net.Conn]struct{}{}}, nil
}

// Serve answers clients until ctx is over. It then accepts no more, closes the
// connections that wait for a request, gives requests in flight Limits.Grace to
// finish, closes the data folder and returns nil. The error is that of a listener
// that somebody else closed, or of closing the database.
func (s *Server) Serve(ctx context.Context, listener net.Listener) error {
	ctx, end := context.WithCancel(ctx)
	stop := context.AfterFunc(ctx, func() { _ = listener.Close() })
	err := s.accept(ctx, listener)
	if ctx.Err() != nil {
		err = nil // the end that was asked for
	}
	end()
	stop()
	_ = listener.Close()
	s.finish()
	return errors.Join(err, s.store.Close())
}

// accept starts a session for every connection, until the listener is closed or
// ctx is over; the error says which.
func (s *Server) accept(ctx context.Context, listener net.Listener) error {
	slots := make(chan struct{}, s.cfg.Limits.Connections)
	var pause backoff
	for {
		select {
		case slots <- struct{}{}:
		case <-ctx.Done():
			return ctx.Err()
		}
		conn, err := listener.Accept()
		if err == nil {
			pause.reset()
			s.start(ctx, conn, func() { <-slots })
			continue
		}
		<-slots
		if errors.Is(err, net.ErrClosed) {
			return fmt.Errorf("accept: %w", err)
		}
		// Out of file descriptors or memory, or a client that left too soon: what is
		// open is served, and sooner or later this passes (ERR-4).
		s.cfg.Log.Error("cannot accept", "err", err)
		pause.wait(ctx)
	}
}

// start serves a connection in a goroutine of its own; done is called at its end.
func (s *Server) start(ctx context.Context, conn net.Conn, done func()) {
	s.mu.Lock()
	s.conns[conn] = struct{}{}
	s.mu.Unlock()
	s.sessions.Go(func() {
		defer done()
		newSession(ctx, s, conn).run(ctx)
		s.mu.Lock()
		delete(s.conns, conn)
		s.mu.Unlock()
	})
}

// finish waits for the sessions to end, at first politely.
func (s *Server) finish() {
	ended := make(chan struct{})
	go func() { s.sessions.Wait(); close(ended) }()

	// Whoever waits for bytes wakes up and looks whether it is idle: see link.Read.
	s.each(func(conn net.Conn) { _ = conn.SetReadDeadline(time.Now()) })
	select {
	case <-ended:
	case <-time.After(s.cfg.Limits.Grace):
		s.each(func(conn net.Conn) { _ = conn.Close() })
		<-ended
	}
}

func (s *Server) each(do func(net.Conn)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for conn := range s.conns {
		do(conn)
	}
}

// backoff is a pause that doubles from time to time.
type backoff struct{ next time.Duration }

func (b *backoff) reset() { b.next = 0 }

func (b *backoff) wait(ctx context.Context) {
	b.next = min(max(2*b.next, 5*time.Millisecond), time.Second)
	select {
	case <-time.After(b.next):
	case <-ctx.Done():
	}
}
