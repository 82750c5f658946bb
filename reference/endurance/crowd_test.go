//go:build linux

package endurance

import (
	"fmt"
	"slices"
	"sync"
	"syscall"
	"testing"
	"time"
)

// within waits until something is so.
func within(t *testing.T, so func() bool) {
	t.Helper()
	deadline := time.After(patience)
	for !so() {
		select {
		case <-deadline:
			t.Fatal("it does not come about")
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// needDescriptors skips a test for which this process may open too few files.
func needDescriptors(t *testing.T, n uint64) {
	t.Helper()
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
		t.Fatal(err)
	}
	if limit.Cur < n {
		t.Skipf("needs %d file descriptors, there are %d (see ulimit -n)", n, limit.Cur)
	}
}

// TestManyConnections has 1,000 clients connected at once, and all of them at work.
func TestManyConnections(t *testing.T) {
	begin(t)
	const clients = 1000
	needDescriptors(t, 2048)
	p := start(t, setup{dir: t.TempDir()})
	all := make([]*client, clients)
	for i := range all {
		all[i] = mustDial(t, p.addr)
	}
	var connected, working sync.WaitGroup
	connected.Add(clients)
	errs := make([]error, clients)
	for i, c := range all {
		working.Go(func() {
			errs[i] = c.register(fmt.Sprint("client ", i))
			connected.Done()
			connected.Wait() // until each has been served, and stays
			content := make([]byte, 10*i)
			for _, do := range []func() error{
				c.exchange, func() error { return c.upload("f", content) }, func() error { return c.verify("f") },
			} {
				if errs[i] == nil {
					errs[i] = do()
				}
			}
		})
	}
	working.Wait()
	for i, err := range errs {
		if err != nil {
			t.Fatalf("client %d: %v", i, err)
		}
		wantStored(t, p.cmd.Dir, all[i].id, "f", make([]byte, 10*i))
	}
	t.Logf("%d clients: %s", clients, p.measure())
}

// TestIdleAndSlow times 20 clients at work, alone and beside 500 connections that
// say nothing and 200 that send a byte a second, by turns. They must not notice
// (FRM-7): the best of the times with company is held against the best without.
func TestIdleAndSlow(t *testing.T) {
	rounds := size(t, 4, 8)
	const most = 2.0 // other programs may take the processors at any time
	needDescriptors(t, 2048)
	p := start(t, setup{dir: t.TempDir()})
	var accounts []*client
	for i := range 20 {
		accounts = append(accounts, mustJoin(t, p.addr, fmt.Sprint("client ", i)))
	}
	var alone, crowded []time.Duration
	for range rounds {
		alone = append(alone, work(t, p.addr, accounts))
		leave := crowd(t, p, 500, 200)
		crowded = append(crowded, work(t, p.addr, accounts))
		t.Logf("alone %v, beside the others %v, %s", alone[len(alone)-1], crowded[len(crowded)-1], p.measure())
		leave()
		within(t, func() bool { return len(unfinished(p.cmd.Dir)) == 0 })
	}
	ratio := float64(slices.Min(crowded)) / float64(slices.Min(alone))
	t.Logf("ratio %.2f", ratio)
	if ratio > most {
		t.Errorf("beside idle and slow connections the others take %.2f times as long, want at most %.2f", ratio, most)
	}
}

// work has each client connect, log in and send files, and returns the time until all
// are done.
func work(t *testing.T, addr string, accounts []*client) time.Duration {
	t.Helper()
	content := make([]byte, 100_000)
	began := time.Now()
	inParallel(t, len(accounts), func(i int) error {
		c, err := dial(addr)
		if err != nil {
			return err
		}
		defer c.close()
		if err := c.as(accounts[i]).login(); err != nil {
			return err
		}
		for n := range 20 {
			name := fmt.Sprint("f", n%4)
			if err := c.upload(name, content); err != nil {
				return err
			}
			if err := c.verify(name); err != nil {
				return err
			}
		}
		return nil
	})
	return time.Since(began)
}

// crowd opens idle and slow connections, and waits until the server has dealt with
// what they begin with. The idle ones say nothing from then on, a slow one sends on,
// one byte a second.
func crowd(t *testing.T, p *program, idle, slow int) (leave func()) {
	t.Helper()
	sender := mustJoin(t, p.addr, fmt.Sprint("slow ", time.Now().UnixNano()))
	packets, err := sender.packets("slow", make([]byte, 5000))
	if err != nil {
		t.Fatal(err)
	}
	stream, err := sender.encode(packets...)
	if err != nil {
		t.Fatal(err)
	}
	const head = 290 // bytes of a packet up to its content: who has sent more has begun a file
	stop := make(chan struct{})
	var all []*client
	var running sync.WaitGroup
	for i := range idle + slow {
		c := mustDial(t, p.addr)
		all = append(all, c)
		if _, err := c.conn.Write(stream[:i]); err != nil { // in all states, some in mid-packet
			t.Fatal(err)
		}
		if i < idle {
			continue
		}
		running.Go(func() { trickle(c, stream[i:], stop) })
	}
	within(t, func() bool { return len(unfinished(p.cmd.Dir)) >= idle+slow-head })
	return func() {
		close(stop)
		running.Wait()
		for _, c := range all {
			c.close()
		}
	}
}

// trickle sends a byte a second.
func trickle(c *client, stream []byte, stop chan struct{}) {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for len(stream) > 0 {
		if _, err := c.conn.Write(stream[:1]); err != nil {
			return
		}
		stream = stream[1:]
		select {
		case <-tick.C:
		case <-stop:
			return
		}
	}
}
