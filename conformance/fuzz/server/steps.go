package server

import (
	"crypto/rand"
	"fmt"

	"github.com/xferspec/xferspec/conformance/fuzz"
	"github.com/xferspec/xferspec/harness/peer"
	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/seal"
	"github.com/xferspec/xferspec/spec/wire"
)

// step plays one step. Where it makes no sense it does nothing. The error ends the
// conversation.
func (p *play) step(s Step) error {
	if s.Other == s.Who {
		s.Other = (s.Who + 1) % clients
	}
	switch s.Op {
	case Close:
		p.close(s)
		return nil
	case Restart:
		return p.restart()
	}
	k, err := p.connection(s.Conn)
	if err != nil {
		return err
	}
	c := p.clients[s.Who]
	switch s.Op {
	case Register:
		p.register(k, c, s)
	case Key:
		p.key(k, c, s)
	case Login:
		p.login(k, c, s)
	case Send:
		p.send(k, c, s)
	case Begin:
		p.begin(k, c, s)
	case Continue:
		p.proceed(k, c, s)
	case OK, Bad, Abort:
		p.verdict(k, c, s)
	case Cut:
		p.cut(k, c, s)
	case Unknown:
		p.unknown(k, s)
	case Misfit:
		p.misfit(k, c, s)
	case Version:
		p.version(k, c, s)
	}
	return nil
}

// say begins the story of a step.
func (p *play) say(k *conn, c *client, format string, args ...any) {
	p.tell("%s, connection %d: %s", c.letter, k.number+1, fmt.Sprintf(format, args...))
}

// register registers the client's name.
func (p *play) register(k *conn, c *client, s Step) {
	id := c.id
	if s.Fault == byOther {
		id = p.clients[s.Other].id
	}
	p.say(k, c, "register %s", c.name)
	l := one("REG-3", p.registered(id))
	again := l.or(plain(spec.TypeRegistrationRefused))
	switch {
	case c.known:
		l = one("REG-6", plain(spec.TypeRegistrationRefused))
		again = l
	case c.maybe:
		l = again
	}
	r, ok := p.ask(k.as(c, id), s, &wire.Register{Name: c.name}, l, again)
	if ok {
		p.trait(s.Op, s.Fault, c.known, c.maybe, typeOf(r))
		p.named(c, r)
	}
}

// named notes the id that came with 1600.
func (p *play) named(c *client, r peer.Reply) {
	switch m := r.Message.(type) {
	case *wire.Registered:
		c.known, c.maybe, c.id = true, false, m.Client
	case *wire.RegistrationRefused:
		c.maybe = !c.known
	}
}

// whose returns the id and the name that go with a fault.
func (p *play) whose(c *client, s Step) (id wire.ID, name string) {
	id, name = c.id, c.name
	switch s.Fault {
	case otherName:
		name = p.clients[s.Other].name
	case otherID:
		id = p.clients[s.Other].id
	case nobody:
		_, _ = rand.Read(id[:]) // never fails
	}
	return id, name
}

// key sends a public key.
func (p *play) key(k *conn, c *client, s Step) {
	id, name := p.whose(c, s)
	key := p.s.keys.get(s.Key)
	m := &wire.PublicKey{Name: name, Key: peer.PublicDER(key)}
	l := refused("KEY-6", spec.TypeRegistrationRefused)
	owner := p.owner(id)
	granted := owner != nil && owner.name == name
	p.say(k, c, "send public key %d%s", s.Key+1, wrong(s))
	switch {
	case granted && s.Fault == noKey:
		m.Key = make([]byte, len(m.Key))
		l.clause, granted = "KEY-5", false
	case granted:
		l = one("KEY-2", p.keyAccepted(owner, key))
		if owner.key != nil {
			l.clause = "KEY-7"
		}
	}
	r, ok := p.ask(k.as(c, id), s, m, l, l)
	if !ok {
		return
	}
	p.trait(s.Op, s.Fault, owner != nil, owner != nil && owner.key != nil, typeOf(r))
	if a, ok := r.Message.(*wire.KeyAccepted); ok && granted {
		owner.key, owner.pair, owner.byLogin = key, s.Key, false
		p.unwrap(owner, s, a.Wrapped)
	}
}

// unwrap keeps the AES key of an answer that was judged to be right.
func (p *play) unwrap(c *client, s Step, wrapped []byte) {
	if aes, err := seal.Unwrap(c.key, wrapped, p.ed.KeySize()); err == nil {
		c.hand(p.conns[s.Conn], aes)
	}
}

// login logs the client in.
func (p *play) login(k *conn, c *client, s Step) {
	if !p.ed.Has(spec.TypeLogin) {
		return
	}
	id, name := p.whose(c, s)
	owner := p.owner(id)
	l := one("LGN-3", loginRefused(id))
	granted := false
	if owner != nil && owner.name == name {
		l.clause = "LGN-4"
		if granted = owner.key != nil; granted {
			l = one("LGN-2", p.loginAccepted(owner))
			if p.restarts > 0 {
				l.clause = "LGN-7"
			}
		}
	}
	p.say(k, c, "log in%s", wrong(s))
	r, ok := p.ask(k.as(c, id), s, &wire.Login{Name: name}, l, l)
	if !ok {
		return
	}
	p.trait(s.Op, s.Fault, owner != nil, owner != nil && owner.key != nil, typeOf(r))
	if a, ok := r.Message.(*wire.LoginAccepted); ok && granted {
		owner.byLogin = true
		p.unwrap(owner, s, a.Wrapped)
	}
}

// wrong says what is wrong with a step.
func wrong(s Step) string {
	if s.Fault == "" {
		return ""
	}
	return " (" + s.Fault + ")"
}

// close ends a connection.
func (p *play) close(s Step) {
	if k := p.conns[s.Conn]; k != nil {
		p.tell("connection %d: close", k.number+1)
		p.leave(k)
	}
}

// restart stops the server and starts it again.
func (p *play) restart() error {
	if !p.s.canRestart() {
		return nil
	}
	p.tell("the server is stopped and started again")
	for _, k := range p.conns {
		if k != nil {
			p.drop(k)
		}
	}
	if err := p.s.restart(p.ctx); err != nil {
		if p.ctx.Err() == nil {
			p.s.dead = true
			p.find(&fuzz.Finding{Clause: "STO-4", Expected: []string{"the server starts again in its folder"}, Actual: err.Error()})
		}
		return errStop
	}
	p.restarts++
	p.restarted()
	return nil
}
