package server

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"strings"
	"sync/atomic"
	"time"

	"github.com/onsi/gomega"

	"github.com/xferspec/xferspec/conformance"
	"github.com/xferspec/xferspec/conformance/report"
	"github.com/xferspec/xferspec/harness/peer"
	"github.com/xferspec/xferspec/harness/target"
	"github.com/xferspec/xferspec/spec"
)

// answerTime is how long a server may take for an answer that needs no file:
// not normative, generous for an interpreted server on a busy machine.
const answerTime = 5 * time.Second

// env is what the cases of one run share.
type env struct {
	edition   *spec.Edition
	config    target.ServerConfig // for cases that start an instance of their own
	target    target.Server
	startup   time.Duration // of its first start
	timeout   time.Duration // answerTime, scaled
	timeScale float64
	keys      keyRing
	prefix    string       // makes the names of this run differ from those of others
	names     atomic.Int64 // given out so far

	ledger  conformance.Ledger
	blames  map[string]string     // case id → what came to light after it ended
	open    map[*peer.Client]bool // connections of the case that is running
	dead    bool                  // the target's end was reported, it has to be started again
	lost    error                 // it could not be started again
	proxied bool                  // a container engine takes the connections
	started time.Time             // when the target was started last
	mute    bool                  // the target leaves the registration of a taken name without an answer
	tapes   *tapes                // nil if conversations are not recorded
	standIn *otherSum             // what the target computes instead of the checksum, if that is known
}

func newEnv(edition *spec.Edition, timeScale float64) *env {
	var prefix [4]byte
	_, _ = rand.Read(prefix[:]) // never fails
	return &env{
		edition: edition, timeout: time.Duration(timeScale * float64(answerTime)), timeScale: timeScale,
		prefix: hex.EncodeToString(prefix[:]), blames: map[string]string{},
	}
}

type envKey struct{}

// from returns the environment of the run that a case belongs to.
func from(ctx context.Context) *env {
	e, ok := ctx.Value(envKey{}).(*env)
	if !ok {
		panic("server: a case runs outside of Test")
	}
	return e
}

// newName returns a name that no case of this run or of another has used.
func (e *env) newName() string {
	return fmt.Sprintf("client-%s-%d", e.prefix, e.names.Add(1))
}

// ready asks for a name on a new connection: whatever comes back, somebody is
// at home. It serves as target.Ready. The engine in front of a container takes
// connections before anybody listens inside, and ends them again.
func (e *env) ready(ctx context.Context, addr string) error {
	r, err := e.ask(ctx, addr, e.newName())
	switch {
	case err != nil:
		return err
	case r.Outcome == peer.Silent:
		return fmt.Errorf("connected, but no answer to a registration within %s", e.timeout)
	case r.Ended() && e.proxied && time.Since(e.started) < e.timeout:
		return fmt.Errorf("connected, but the connection ended: %s", r.What())
	}
	return nil
}

// ask registers a name; the error is that of connecting.
func (e *env) ask(ctx context.Context, addr, name string) (peer.Reply, error) {
	c, err := peer.Dial(ctx, addr, peer.Options{Edition: e.edition, Timeout: e.timeout})
	if err != nil {
		return peer.Reply{}, err
	}
	defer c.Close()
	return c.Register(name), nil
}

// before runs before every case and sees to it that there is a live target.
// A death that shows only now is blamed on the case before.
func (e *env) before(ctx context.Context) {
	last := e.ledger.Begin()
	e.open = map[*peer.Client]bool{}
	state, exited := e.target.Exited()
	if exited && !e.dead && last != "" && ctx.Err() == nil {
		e.blames[last] = e.obituary(state)
		e.ledger.Note(last, report.Failed)
	} else {
		e.tapes.forget(last)
	}
	if !exited && !e.dead {
		return
	}
	if e.lost == nil {
		e.lost = e.revive(ctx)
	}
	e.dead = e.lost != nil
	if e.dead {
		conformance.NotRun("the server was lost and cannot be started again: " + e.lost.Error())
	}
}

// revive starts a target again that ended or hangs. One that is known by its
// address alone may have come back by itself.
func (e *env) revive(ctx context.Context) error {
	e.started = time.Now()
	if !e.target.Local() {
		return e.ready(ctx, e.target.Addr())
	}
	return e.target.Restart(ctx)
}

// after runs after every case and blames it if the target has died of it, or
// takes no more connections.
func (e *env) after(ctx context.Context) {
	for c := range e.open { // it may die of the way in which a connection ends
		leave(ctx, c)
	}
	if e.dead {
		return
	}
	err := e.alive(ctx)
	if err == nil {
		return
	}
	e.dead = true
	current := e.ledger.Current()
	if state, exited := e.awaitExit(ctx); exited {
		e.blames[current] = e.obituary(state)
		return
	}
	e.blames[current] = fmt.Sprintf("expected: the server goes on serving (ERR-4)\nactual:   %v", err)
}

// alive returns nil if the target answers, or at least ends a connection. A
// connection alone proves little: a process that is about to end still may
// take one, and one that hangs does. A server that says nothing to a name that
// is taken, which another case is about, is asked for a free one.
func (e *env) alive(ctx context.Context) error {
	name := "client-" + e.prefix
	for {
		if e.mute {
			name = e.newName()
		}
		r, err := e.ask(ctx, e.target.Addr(), name)
		if err != nil || r.Outcome == peer.Answered || r.Outcome == peer.Malformed {
			return err
		}
		if r.Outcome != peer.Silent {
			break
		}
		if e.mute {
			return fmt.Errorf("no answer to a registration within %s", e.timeout)
		}
		e.mute = true
	}
	c, err := peer.Dial(ctx, e.target.Addr(), peer.Options{Edition: e.edition, Timeout: e.timeout})
	if err == nil {
		c.Close()
	}
	return err
}

// awaitExit waits for the end of a process that has stopped listening.
func (e *env) awaitExit(ctx context.Context) (state target.ExitState, exited bool) {
	ignore := gomega.NewGomega(func(string, ...int) {})
	ignore.Eventually(ctx, func() bool {
		state, exited = e.target.Exited()
		return exited || !e.target.Local()
	}).WithTimeout(e.timeout).Should(gomega.BeTrue())
	return state, exited
}

func (e *env) obituary(state target.ExitState) string {
	text := fmt.Sprintf("expected: the server goes on serving (ERR-4)\nactual:   it ended: %s", state)
	if output := strings.TrimSpace(e.target.Output()); output != "" {
		text += "\nits last output:\n" + output
	}
	return text
}
