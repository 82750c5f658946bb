package bench

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"encoding/hex"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/xferspec/xferspec/harness/target"
	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/seal"
)

const (
	// greeters is how many clients connect, register and log in at a time: what a
	// server's queue of connections takes is not what is measured.
	greeters = 16

	// renamed is the size in bytes up to which every file of a client has a name of
	// its own. Larger ones replace each other, and so do not fill the disk.
	renamed = 64 << 10
)

// generator puts one server under load.
type generator struct {
	ed       *spec.Edition
	server   target.Server
	contents map[int64]content
	rsa      *rsa.PrivateKey
	timeout  time.Duration
	prefix   string // of all names
	files    atomic.Int64
	asked    atomic.Int64 // registrations by which the server was asked whether it is there

	mu        sync.Mutex
	users     []*user
	greetings times // answers to everything that comes before files
}

func newGenerator(cfg *ServerConfig, contents map[int64]content) (*generator, error) {
	var prefix [4]byte
	_, _ = rand.Read(prefix[:]) // never fails
	key, err := seal.GenerateKey()
	if err != nil {
		return nil, fmt.Errorf("make a key: %w", err)
	}
	return &generator{
		ed: cfg.Edition, contents: contents, rsa: key, timeout: cfg.answerTime(),
		prefix: hex.EncodeToString(prefix[:]), greetings: times{},
	}, nil
}

// limit is when a load ends.
type limit struct {
	duration time.Duration // a client begins no file after it
	rounds   int           // if above 0, how many files each client sends instead
}

// run puts the server under a load. Failures are in the sample; an error is one of ctx.
func (g *generator) run(ctx context.Context, load Load, until limit) (Sample, error) {
	var failed tally
	ready := g.greet(ctx, load, &failed)
	defer func() {
		for _, c := range ready {
			c.close()
		}
	}()
	_ = g.server.ResetMemory()
	cpu, _ := g.server.CPU()
	own := ownCPU()
	began := time.Now()
	var group sync.WaitGroup
	for _, c := range ready {
		group.Go(func() {
			if err := c.send(began, until); err != nil {
				failed.add(err)
			}
		})
	}
	group.Wait()
	wall := time.Since(began)
	if err := ctx.Err(); err != nil {
		return Sample{}, context.Cause(ctx)
	}
	s := Sample{WallMs: milliseconds(wall), OwnCPUMs: milliseconds(ownCPU() - own), Failures: failed.counts()}
	g.note(&s, cpu)
	all := times{}
	for _, c := range ready {
		s.Files += c.done
		all.merge(c.times)
	}
	s.Bytes = int64(s.Files) * load.Size
	s.Latencies = all.latencies()
	return s, nil
}

// note adds what can be seen of the server's process.
func (g *generator) note(s *Sample, before time.Duration) {
	if after, err := g.server.CPU(); err == nil {
		ms := milliseconds(after - before)
		s.CPUMs = &ms
	}
	if peak, err := g.server.Memory(); err == nil {
		s.Peak = &peak
	}
}

// greet connects as many clients as the load has, makes the server know them, and
// prepares their files.
func (g *generator) greet(ctx context.Context, load Load, failed *tally) (ready []*loader) {
	if err := g.enrol(ctx, load.Clients); err != nil {
		failed.add(err)
	}
	var mu sync.Mutex
	inTurn(min(load.Clients, len(g.users)), func(i int) {
		c := &loader{session: g.session(g.users[i]), files: &g.files, rename: load.Size <= renamed}
		err := dial(ctx, g.server.Addr(), c.session)
		if err == nil {
			err = c.prepare(g.contents[load.Size])
		}
		mu.Lock()
		defer mu.Unlock()
		g.greetings.merge(c.times)
		c.times = times{}
		if err != nil {
			failed.add(err)
			if c.conn != nil {
				c.close()
			}
			return
		}
		ready = append(ready, c)
	})
	return ready
}

// enrol registers clients until there are n of them.
func (g *generator) enrol(ctx context.Context, n int) error {
	var first error
	have := len(g.users)
	inTurn(n-have, func(i int) {
		u := &user{name: fmt.Sprintf("bench-%s-%d", g.prefix, have+i+1)}
		s := g.session(u)
		err := dial(ctx, g.server.Addr(), s)
		if err == nil {
			defer s.close()
			if err = s.register(); err == nil {
				err = s.sendKey()
			}
		}
		g.mu.Lock()
		defer g.mu.Unlock()
		g.greetings.merge(s.times)
		if err == nil {
			g.users = append(g.users, u)
		} else if first == nil {
			first = err
		}
	})
	return first
}

func (g *generator) session(u *user) *session {
	return &session{user: u, ed: g.ed, rsa: g.rsa, timeout: g.timeout, times: times{}}
}

// inTurn calls do for 0 to n-1, a few at a time.
func inTurn(n int, do func(int)) {
	var next atomic.Int64
	var group sync.WaitGroup
	for range min(n, greeters) {
		group.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				do(i)
			}
		})
	}
	group.Wait()
}

// loader is a client that sends one file after the other.
type loader struct {
	*session
	frames *frames
	files  *atomic.Int64 // of all clients; the number of the last
	rename bool
	done   int // files that arrived
}

// prepare logs in and encrypts the file under the key that this gave.
func (c *loader) prepare(content content) (err error) {
	if err := c.login(); err != nil {
		return err
	}
	c.frames, err = newFrames(c.ed, c.id, c.aes, content)
	return err
}

func (c *loader) send(began time.Time, until limit) error {
	name := c.frames.rename(0)
	for n := 0; ; n++ {
		if until.rounds > 0 && n >= until.rounds || until.rounds == 0 && n > 0 && time.Since(began) >= until.duration {
			return nil
		}
		if c.rename {
			name = c.frames.rename(int(c.files.Add(1) % nameCount))
		}
		if err := c.transfer(c.frames, name); err != nil {
			return err
		}
		if err := c.confirm(name); err != nil {
			return err
		}
		c.done++
	}
}
