package peer

import (
	"context"
	"fmt"
	"net"
	"sync"
	"sync/atomic"

	"github.com/xferspec/xferspec/harness/trace"
	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/wire"
)

// Server is a peer for one run of a client under test.
type Server struct {
	ed       *spec.Edition
	script   Script
	listener net.Listener
	wrapUp   context.CancelFunc // tells connections to hurry
	serving  sync.WaitGroup
	limit    int64        // of what is taken of the client
	received atomic.Int64 // counted towards it

	mu    sync.Mutex // guards all below
	seen  Conversation
	count map[spec.MessageType]int
	book  book
	tapes []*tape // by connection, if the script wants them
}

// Listen starts a server on a free port of an address of this machine. It
// serves until Close is called or ctx ends.
func Listen(ctx context.Context, host string, ed *spec.Edition, script Script) (*Server, error) {
	return listenLimited(ctx, host, ed, script, maxReceived)
}

func listenLimited(ctx context.Context, host string, ed *spec.Edition, script Script, limit int64) (*Server, error) {
	var lc net.ListenConfig
	listener, err := lc.Listen(ctx, "tcp", net.JoinHostPort(host, "0"))
	if err != nil {
		return nil, fmt.Errorf("listen for the client under test: %w", err)
	}
	wrappingUp, wrapUp := context.WithCancel(ctx)
	s := &Server{
		ed: ed, script: script, listener: listener, wrapUp: wrapUp,
		count: map[spec.MessageType]int{}, book: newBook(ed, script.Known), limit: limit,
	}
	s.serving.Go(func() { s.accept(ctx, wrappingUp) })
	return s, nil
}

// Addr returns "host:port", as it goes into transfer.info.
func (s *Server) Addr() string { return s.listener.Addr().String() }

// Close returns what the server saw. It is to be called when the client has
// ended: what that sent with its last breath is read before.
func (s *Server) Close() *Conversation {
	s.wrapUp()
	s.serving.Wait()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.seen.Accounts = s.book.known()
	seen := s.seen.clone()
	seen.TooMuch = s.received.Load() > s.limit
	for _, tape := range s.tapes {
		t := tape.Transcript()
		t.Secrets = &trace.Secrets{AESKeys: tape.keys}
		seen.Transcripts = append(seen.Transcripts, t)
	}
	return seen
}

func (s *Server) accept(ctx, wrappingUp context.Context) {
	stop := context.AfterFunc(wrappingUp, func() { _ = s.listener.Close() })
	defer stop()
	for {
		conn, err := s.listener.Accept()
		if err != nil {
			return // the listener was closed: that is how it ends
		}
		if !s.takes(connectionCost) {
			_ = conn.Close()
			continue
		}
		number, conn := s.note(conn)
		s.serving.Go(func() {
			defer context.AfterFunc(ctx, func() { _ = conn.Close() })()
			c := newConnection(s, conn, number)
			defer context.AfterFunc(wrappingUp, c.hurry)()
			c.serve()
		})
	}
}

// takes counts what has come of the client, and says whether more is taken.
func (s *Server) takes(n int) bool { return s.received.Add(int64(n)) <= s.limit }

// tape is the recording of a connection.
type tape struct {
	*trace.Recorder
	keys []trace.Key // that were handed out on it
}

// note counts a connection, and has it recorded if the script wants that.
func (s *Server) note(conn net.Conn) (number int, _ net.Conn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.seen.Connections++
	if s.script.Record {
		recorder := trace.NewRecorder(s.ed.Name, 0)
		s.tapes = append(s.tapes, &tape{Recorder: recorder})
		conn = recorder.Server(conn)
	}
	return s.seen.Connections, conn
}

func (s *Server) noteLeftover(b []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(b) > 0 {
		s.seen.Leftover = append(s.seen.Leftover, b)
	}
}

// handle records a request and returns the answer, changed as the script says.
func (s *Server) handle(r Request) Answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	answer, answered := s.book.answer(r)
	if s.script.Record && answer.To.Key != nil {
		tape := s.tapes[r.Conn-1]
		tape.keys = append(tape.keys, s.book.find(answer.To.ID).aes)
	}
	occurrence, number := s.count[r.Type()]+1, uint16(0)
	if answered {
		s.count[r.Type()]++
	} else if m, ok := r.Message.(*wire.File); ok {
		number = m.Number
	}
	if done := s.book.takeTransfer(); done != nil {
		s.seen.Transfers = append(s.seen.Transfers, *done)
	}
	for _, rule := range s.script.Rules {
		if rule.covers(r.Type(), occurrence, number) {
			rule.Do(s.ed, &answer)
			answered = true
		}
	}
	if answered {
		r.Answer = answer.describe(s.ed)
	}
	s.seen.Requests = append(s.seen.Requests, r)
	return answer
}
