//go:build linux

package endurance

import (
	"fmt"
	"net"
	"syscall"
	"testing"
	"time"

	"github.com/xferspec/xferspec/spec/wire"
)

// TestManySessions stands for a day of work: so many short sessions of every kind,
// with good ends and bad ones, after which the server must not have more of anything
// than after the first tenth: memory, threads, open files, goroutines.
func TestManySessions(t *testing.T) {
	sessions := size(t, 4_000, 100_000)
	const workers, tenths = 8, 10
	const slack = 8 << 20 // bytes by which memory may differ
	p := start(t, setup{dir: t.TempDir()})
	accounts := make([]*client, workers)
	for i := range accounts {
		accounts[i] = mustJoin(t, p.addr, fmt.Sprint("client ", i))
		accounts[i].close()
	}
	idle := p.measure().files
	var first, last figures
	for tenth := range tenths {
		inParallel(t, workers, func(w int) error { return haveSessions(p.addr, accounts[w], w, tenth, sessions/tenths/workers) })
		within(t, func() bool { return p.measure().files <= idle && len(unfinished(p.cmd.Dir)) == 0 })
		last = p.measure()
		if tenth == 0 {
			first = last
		}
		t.Logf("%d sessions: %s", sessions/tenths*(tenth+1), last)
	}
	if last.memory > first.memory+slack {
		t.Errorf("memory grows from %d to %d bytes", first.memory, last.memory)
	}
	if last.threads > first.threads+workers {
		t.Errorf("threads grow from %d to %d", first.threads, last.threads)
	}
	fresh := start(t, setup{dir: t.TempDir()})
	mustJoin(t, fresh.addr, "Ada").close()
	within(t, func() bool { return fresh.measure().files <= idle })
	used, unused := p.goroutines(), fresh.goroutines()
	t.Logf("%d goroutines, %d in a server that was hardly used", used, unused)
	if used > unused+2 || unused == 0 {
		t.Errorf("%d goroutines, %d in a server that was hardly used", used, unused)
	}
}

// goroutines ends the server by the signal that has the runtime of Go list them.
func (p *program) goroutines() int {
	p.Helper()
	p.signal(syscall.SIGQUIT)
	p.log.mu.Lock()
	defer p.log.mu.Unlock()
	return p.log.goroutines
}

// work24h has a client begin so many sessions, each of another kind than the last.
// They come from an address of its own: one has too few ports for so many.
func haveSessions(addr string, account *client, worker, tenth, sessions int) error {
	dialer := net.Dialer{Timeout: patience, LocalAddr: &net.TCPAddr{IP: net.IPv4(127, 0, byte(tenth+1), byte(worker+1))}}
	for i := range sessions {
		conn, err := dialer.Dial("tcp", addr)
		if err != nil {
			return err
		}
		if err := conn.SetDeadline(time.Now().Add(patience)); err != nil {
			return err
		}
		c := (&client{conn: conn, in: wire.NewResponseReader(conn, edition())}).as(account)
		err = c.session(i)
		c.close()
		if err != nil {
			return fmt.Errorf("session %d: %w", i, err)
		}
		account.aes = c.aes
	}
	return nil
}

// session is one of every kind in turn.
func (c *client) session(kind int) error {
	packets, err := c.packets("f", make([]byte, 3000))
	if err != nil {
		return err
	}
	switch kind % 8 {
	case 0: // nothing
		return nil
	case 1: // half a header
		_, err := c.conn.Write(make([]byte, 10))
		return err
	case 2: // unknown
		_, err := c.conn.Write(wire.RequestHeader{Client: c.id, Version: 3, Code: 4711, Size: 10}.Append(nil))
		return err
	case 3: // half a file
		return c.send(packets[:2]...)
	case 4: // half a file, and a reset
		if err := c.conn.(*net.TCPConn).SetLinger(0); err != nil {
			return err
		}
		return c.send(packets[:2]...)
	case 5:
		return c.exchange()
	case 6:
		if err := c.upload("f", make([]byte, 1000)); err != nil {
			return err
		}
		return c.verify("f")
	}
	return c.login()
}
