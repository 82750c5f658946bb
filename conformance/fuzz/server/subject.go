package server

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"encoding/hex"
	"errors"
	"fmt"
	rand2 "math/rand/v2"
	"strings"
	"sync/atomic"
	"time"

	"github.com/xferspec/xferspec/conformance/fuzz"
	"github.com/xferspec/xferspec/harness/peer"
	"github.com/xferspec/xferspec/harness/target"
	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/seal"
)

// answerTime is how long a server may take for an answer that needs no file.
const answerTime = 5 * time.Second

// Subject is a server under test. It implements fuzz.Subject.
type Subject struct {
	ed      *spec.Edition
	config  target.ServerConfig
	target  target.Server
	timeout time.Duration
	keys    keyRing
	prefix  string
	asked   atomic.Int64 // registrations by which the server was asked whether it is there
	hasty   bool         // does not wait long for what is late
	dead    bool         // it has to be started again before the next conversation
}

// Open starts the server. The errors are those of target.OpenServer and of its
// Start. TimeScale stretches every time limit; 1 is normal.
func Open(ctx context.Context, ed *spec.Edition, cfg target.ServerConfig, timeScale float64) (*Subject, error) {
	var prefix [4]byte
	_, _ = rand.Read(prefix[:]) // never fails
	s := &Subject{ed: ed, config: cfg, timeout: time.Duration(timeScale * float64(answerTime)), prefix: hex.EncodeToString(prefix[:])}
	s.config.Edition, s.config.Ready = ed, s.ready
	for range keyPairs {
		key, err := seal.GenerateKey()
		if err != nil {
			return nil, fmt.Errorf("make a key: %w", err)
		}
		s.keys = append(s.keys, key)
	}
	if err := s.open(ctx); err != nil {
		return nil, err
	}
	return s, nil
}

// keyRing is the RSA keys of all conversations.
type keyRing []*rsa.PrivateKey

func (k keyRing) get(n int) *rsa.PrivateKey { return k[n] }

func (s *Subject) open(ctx context.Context) error {
	server, err := target.OpenServer(ctx, s.config)
	if err != nil {
		return err
	}
	if err := server.Start(ctx); err != nil {
		return errors.Join(err, server.Close())
	}
	s.target, s.dead = server, false
	return nil
}

// Close ends the server.
func (s *Subject) Close() error { return s.target.Close() }

// ready says whether somebody is at home. In front of a server at an address or in
// a container there may be others, who take connections and end them.
func (s *Subject) ready(ctx context.Context, addr string) error {
	return s.ask(ctx, addr, s.config.Addr != "" || s.config.Image != "" || s.config.Build != "")
}

// ask asks for a name on a new connection. Whatever is answered will do, and where
// an answer is not needed also the end of the connection.
func (s *Subject) ask(ctx context.Context, addr string, answered bool) error {
	c, err := peer.Dial(ctx, addr, peer.Options{Edition: s.ed, Timeout: s.timeout})
	if err != nil {
		return err
	}
	defer c.Close()
	r := c.Register(fmt.Sprintf("ask-%s-%d", s.prefix, s.asked.Add(1)))
	if r.Outcome == peer.Silent || answered && r.Ended() {
		return fmt.Errorf("connected, but a registration is answered with %s", r.What())
	}
	return nil
}

// Draw draws a conversation.
func (s *Subject) Draw(r *rand2.Rand) Conversation { return draw(r, s.ed, s.canRestart()) }

// canRestart says whether the server can be restarted and has to keep what it
// knows then.
func (s *Subject) canRestart() bool {
	clause, _ := spec.LookupClause("STO-4")
	return s.target.Local() && s.ed.Level(clause) == spec.Must
}

func (s *Subject) restart(ctx context.Context) error { return s.target.Restart(ctx) }

// Play has a conversation with the server, under names that no other had.
func (s *Subject) Play(ctx context.Context, c Conversation, hasty bool) (*fuzz.Result, error) {
	s.hasty = hasty
	if s.dead {
		if err := s.Renew(ctx); err != nil {
			return nil, err
		}
	}
	p := s.newPlay(ctx)
	return p.out, p.run(c)
}

// Renew starts the server anew in a fresh folder. One that is known by its
// address alone stays as it is, if it is still there.
func (s *Subject) Renew(ctx context.Context) error {
	if !s.target.Local() {
		if err := s.target.Start(ctx); err != nil {
			return &fuzz.LostError{Err: err}
		}
		s.dead = false
		return nil
	}
	if err := s.target.Close(); err != nil {
		return &fuzz.LostError{Err: err}
	}
	if err := s.open(ctx); err != nil {
		return &fuzz.LostError{Err: err}
	}
	return nil
}

// patience is how long to wait for an answer.
func (s *Subject) patience() time.Duration {
	if s.hasty {
		return s.timeout / 5
	}
	return s.timeout
}

// exited says whether the server's process has ended, and how. After something
// went wrong it may be about to.
func (s *Subject) exited(ctx context.Context, wait bool) (string, bool) {
	limit := time.NewTimer(s.timeout / 10)
	defer limit.Stop()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		if state, exited := s.target.Exited(); exited {
			return state.String(), true
		}
		if !wait || !s.target.Local() {
			return "", false
		}
		select {
		case <-ctx.Done():
			return "", false
		case <-limit.C:
			return "", false
		case <-tick.C:
		}
	}
}

// lastWords is the end of what the server has printed, to follow in a message.
func (s *Subject) lastWords() string {
	const most = 6
	lines := strings.Split(strings.TrimSpace(s.target.Output()), "\n")
	if len(lines) == 1 && lines[0] == "" {
		return ""
	}
	return ", and its last words were:\n" + strings.Join(lines[max(0, len(lines)-most):], "\n")
}
