package server

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"slices"
	"time"

	"github.com/xferspec/xferspec/conformance/fuzz"
	"github.com/xferspec/xferspec/harness/peer"
	"github.com/xferspec/xferspec/harness/trace"
	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/wire"
)

// play is one conversation on its way.
type play struct {
	*model
	s   *Subject
	ctx context.Context
	out *fuzz.Result

	ghosts map[int]map[lane]*transfer // by number of a connection that has ended: what was under way on it
	tapes  []func() *trace.Transcript
	nonce  []byte // makes contents differ from those of other conversations
	line   string // the story of the step so far
	opened int    // connections

	contents, probes uint64
	restarts         int
	retried          bool // the step is done again on a new connection
}

// errStop ends a conversation about which nothing more can be known.
var errStop = errors.New("stop")

func (s *Subject) newPlay(ctx context.Context) *play {
	p := &play{s: s, ctx: ctx, out: &fuzz.Result{}, nonce: make([]byte, 8), ghosts: map[int]map[lane]*transfer{}}
	_, _ = rand.Read(p.nonce) // never fails
	p.model = newModel(s.ed, "f"+hex.EncodeToString(p.nonce[:4])+"-")
	return p
}

// run plays the steps up to the first finding. The error is that there is no
// server to talk to.
func (p *play) run(c Conversation) error {
	defer p.closeAll()
	for _, s := range c {
		p.line, p.retried = "", false
		err := p.step(s)
		p.out.Steps++
		if p.line != "" {
			p.out.Story = append(p.out.Story, p.line)
		}
		if err != nil || p.out.Finding != nil {
			return p.blame(err)
		}
	}
	return p.blame(p.last())
}

// blame turns the end of the server into what it is, and lets the conversation end.
func (p *play) blame(err error) error {
	if p.ctx.Err() != nil {
		return p.ctx.Err() // which ended the connections too
	}
	if err != nil && !errors.Is(err, errStop) {
		return err
	}
	broken := p.out.Finding
	if broken == nil {
		broken = p.gone()
	}
	if state, exited := p.s.exited(p.ctx, broken != nil && (broken.Clause == "ERR-4" || broken.Clause == "FRM-6" || broken.Clause == "FRM-4")); exited {
		p.s.dead = true
		p.out.Finding = &fuzz.Finding{
			Clause: "ERR-4", Expected: []string{"the server keeps running"},
			Actual: "it ended: " + state + p.s.lastWords(),
		}
	} else if p.out.Finding == nil && broken != nil {
		p.s.dead = true
		p.out.Finding = broken
	}
	for _, t := range p.tapes {
		p.out.Transcripts = append(p.out.Transcripts, t())
	}
	return nil
}

// gone asks the server for a name on a new connection, and returns what is wrong
// if it does not answer any more: else the next conversation would be blamed.
func (p *play) gone() *fuzz.Finding {
	p.closeAll()
	if err := p.s.ask(p.ctx, p.s.target.Addr(), true); err != nil {
		return &fuzz.Finding{Clause: "ERR-4", Expected: []string{"the server keeps serving"}, Actual: err.Error(), Weak: true}
	}
	return nil
}

// tell adds to the story of the step.
func (p *play) tell(format string, args ...any) { p.line += fmt.Sprintf(format, args...) }

// find ends the conversation with a finding.
func (p *play) find(f *fuzz.Finding) { p.out.Finding = f }

// trait notes a situation and how the server took it.
func (p *play) trait(parts ...any) { p.out.Traits = append(p.out.Traits, fmt.Sprint(parts...)) }

// connection returns the connection of that number, opened if need be.
func (p *play) connection(n int) (*conn, error) {
	if p.conns[n] != nil {
		return p.conns[n], nil
	}
	k := &conn{number: n, transfers: map[lane]*transfer{}}
	var err error
	k.Client, err = peer.Dial(p.ctx, p.s.target.Addr(), peer.Options{Edition: p.ed, Timeout: p.s.timeout, Watch: p.watch(k)})
	if err != nil {
		if p.ctx.Err() != nil {
			return nil, p.ctx.Err()
		}
		p.s.dead = true
		p.find(&fuzz.Finding{Clause: "ERR-4", Expected: []string{"a connection to " + p.s.target.Addr()}, Actual: err.Error()})
		return nil, errStop
	}
	p.opened++
	p.conns[n] = k
	return k, nil
}

// watch has a connection recorded.
func (p *play) watch(k *conn) func(*peer.Client, net.Conn) net.Conn {
	return func(_ *peer.Client, raw net.Conn) net.Conn {
		tape := trace.NewRecorder(p.ed.Name, 0)
		p.tapes = append(p.tapes, func() *trace.Transcript {
			t := tape.Transcript()
			t.Note = fmt.Sprintf("connection %d of a conversation that xferspec made up", k.number+1)
			t.Secrets = &trace.Secrets{}
			for _, key := range k.keys {
				t.Secrets.AESKeys = append(t.Secrets.AESKeys, key)
			}
			return t
		})
		return tape.Client(raw)
	}
}

// drop forgets a connection that has ended.
func (p *play) drop(k *conn) {
	k.Close()
	p.lose(k)
	p.conns[k.number] = nil
	p.ghosts[k.number] = k.transfers
}

func (p *play) closeAll() {
	for _, k := range p.conns {
		if k != nil {
			k.Close()
		}
	}
}

// as makes the connection speak for a client under an id, which need not be its own.
func (k *conn) as(c *client, id wire.ID) *conn {
	k.Name, k.ID, k.AES = c.name, id, c.aes
	return k
}

// write sends a request in the way that the step says.
func (p *play) write(k *conn, s Step, m wire.Message) {
	f := k.Frame(m)
	if s.Stale {
		soil(f)
	}
	k.Cut = nil
	if s.Piece > 0 {
		k.Cut = func(b []byte) [][]byte { return slices.Collect(slices.Chunk(b, max(s.Piece, len(b)/200+1))) }
	}
	p.out.Requests++
	k.SendBytes(f.Bytes)
}

// soil fills the padding of texts with what a receiver has to ignore (FRM-9).
func soil(f *wire.Frame) {
	for _, field := range f.Fields() {
		b, err := f.Field(field.Name)
		if err != nil || field.Size != wire.TextSize {
			continue
		}
		for i := slices.Index(b, 0) + 1; i > 0 && i < len(b); i++ {
			b[i] = 'x'
		}
	}
}

// receive waits for an answer, for a file longer.
func (p *play) receive(k *conn, size int) peer.Reply {
	return k.ReceiveWithin(p.s.patience() + time.Duration(size)*time.Second/bytesPerSecond)
}

// bytesPerSecond is what a server may take for a file.
const bytesPerSecond = 1 << 20

// ask sends a request and waits for the answer; ok is false where the
// conversation has come to its end or the step to its own. A connection that the
// server was free to end is opened anew, once.
func (p *play) ask(k *conn, s Step, m wire.Message, l legal, again legal) (r peer.Reply, ok bool) {
	p.write(k, s, m)
	return p.await(k, l, 0, func() (peer.Reply, bool) {
		next, err := p.reopen(k)
		if err != nil {
			return r, false
		}
		next.as(&client{name: k.Name, aes: k.AES}, k.ID)
		return p.ask(next, s, m, again, again)
	})
}

// reopen replaces a connection that has ended.
func (p *play) reopen(k *conn) (*conn, error) {
	p.retried = true
	return p.connection(k.number)
}

// await judges the next reply. Where the connection has ended and was free to,
// retry is called, if there is one.
func (p *play) await(k *conn, l legal, size int, retry func() (peer.Reply, bool)) (r peer.Reply, ok bool) {
	r = p.receive(k, size)
	if r.Ended() && k.loose && !l.end {
		p.tell(" [the connection has ended]")
		p.drop(k)
		if retry == nil || p.retried {
			return r, false
		}
		return retry()
	}
	if f := l.judge(r); f != nil {
		p.tell(" -> %s", r.What())
		if q := k.quiet; q != nil && r.Outcome == peer.Answered && l.judge(k.ReceiveWithin(p.s.timeout/10)) == nil {
			f = &fuzz.Finding{Clause: q.clause, Sent: q.sent + ", and then " + r.Sent, Expected: []string{"no answer to the first"}, Actual: r.What()}
		}
		p.find(f)
		return r, false
	}
	p.heard(k, r)
	return r, true
}

// heard notes what a legal reply means for its connection.
func (p *play) heard(k *conn, r peer.Reply) {
	k.quiet = nil
	p.caughtUp(k)
	p.tell(" -> %s", shortly(r))
	switch {
	case r.Ended():
		p.drop(k)
	case isRefusal(r) || typeOf(r) == spec.TypeThanks:
		k.loose = true
	}
}

// shortly names a reply without its numbers.
func shortly(r peer.Reply) string {
	if r.Outcome == peer.Answered {
		return fmt.Sprintf("%d %s", r.Header.Code, r.Type())
	}
	return r.What()
}
