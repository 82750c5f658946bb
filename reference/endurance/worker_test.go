//go:build linux

package endurance

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync/atomic"
	"testing"

	"github.com/xferspec/xferspec/spec/wire"
)

// worker is one of those who load the server that is killed, and remembers what it
// was answered. It speaks for several clients.
type worker struct {
	number   int
	random   *rand.Rand
	told     testing.TB // of what is no consequence of a kill
	accounts []*account
	answered answers
	steps    *atomic.Int64 // of all workers
}

// account is what one client was promised.
type account struct {
	name    string
	id      wire.ID
	aes     []byte // of the last 1602 or 1605; nil before
	unsure  bool   // whether a key exchange or login was begun after it
	files   map[string]*sent
	touched bool // since the last check
}

type digest [sha256.Size]byte

// sent is what may be stored under one name.
type sent struct {
	received  *digest // content that was answered with 1603
	underWay  *digest // content that was sent after it, and not answered
	verified  bool    // whether 1604 has answered for received
	verifying bool    // whether 1029 was sent for it
}

// run works until the connection is lost, and says whether that cut off a request.
func (w *worker) run(addr string) (cutOff bool) {
	c, err := dial(addr)
	if err == nil {
		defer c.close()
	}
	for err == nil {
		if err = w.step(c); err == nil {
			w.steps.Add(1)
		}
	}
	if !connectionLost(err) {
		w.told.Errorf("worker %d: %v", w.number, err)
	}
	return c != nil
}

func (w *worker) step(c *client) error {
	if len(w.accounts) == 0 || w.random.IntN(10) == 0 {
		return w.join(c)
	}
	recent := min(len(w.accounts), 4)
	a := w.accounts[len(w.accounts)-1-w.random.IntN(recent)]
	a.touched = true
	c.id, c.name, c.aes = a.id, a.name, a.aes
	if a.aes == nil || a.unsure || w.random.IntN(4) == 0 {
		return w.agree(c, a)
	}
	return w.transfer(c, a)
}

// join registers one more client.
func (w *worker) join(c *client) error {
	name := fmt.Sprintf("worker %d, client %d", w.number, w.random.Uint32())
	if err := c.register(name); err != nil {
		return err
	}
	w.answered.registered++
	w.accounts = append(w.accounts, &account{name: name, id: c.id, files: map[string]*sent{}, touched: true})
	return nil
}

// agree gets a new AES key, by a login where the server must know the public key.
func (w *worker) agree(c *client, a *account) error {
	a.unsure = true
	get := c.login
	if a.aes == nil {
		get = c.exchange
	}
	if err := get(); err != nil {
		return err
	}
	a.aes, a.unsure = c.aes, false
	w.answered.keys++
	return nil
}

// transfer sends a file, under a name that is new or not, and mostly verifies it.
func (w *worker) transfer(c *client, a *account) error {
	name := fmt.Sprint("file ", w.random.IntN(4))
	content := w.content()
	f := a.files[name]
	if f == nil {
		f = &sent{}
		a.files[name] = f
	}
	sum := digest(sha256.Sum256(content))
	f.underWay = &sum
	if err := c.upload(name, content); err != nil {
		return err
	}
	*f = sent{received: &sum}
	w.answered.received++
	if w.random.IntN(3) == 0 {
		return nil
	}
	f.verifying = true
	if err := c.verify(name); err != nil {
		if errors.Is(err, errRefused) {
			return fmt.Errorf("a file that was received: %w", err)
		}
		return err
	}
	f.verified, f.verifying = true, false
	w.answered.verified++
	return nil
}

// content returns a file that is mostly small.
func (w *worker) content() []byte {
	n := w.random.IntN(4000)
	if w.random.IntN(6) == 0 {
		n = w.random.IntN(1 << 20)
	}
	b := make([]byte, n)
	for i := 0; i < n; i += 7 {
		b[i] = byte(w.random.Uint32())
	}
	return b
}
