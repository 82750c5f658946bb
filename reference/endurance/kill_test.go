//go:build linux

package endurance

import (
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// TestKill kills the server at random moments, while 8 clients register, exchange
// keys and send files, and some more while it starts. After the next start all must
// be there that was answered (STO-5), nothing may be there of what was not complete
// (STO-7), and nothing new may count as verified (CRC-8).
func TestKill(t *testing.T) {
	kills := size(t, 20, 200)
	const clients = 8
	dir := t.TempDir()
	random := choices(0)
	var steps atomic.Int64
	var workers []*worker
	for i := range clients {
		workers = append(workers, &worker{number: i, random: choices(1 + i), told: t, steps: &steps})
	}
	left, cut := 0, 0
	for i := range kills {
		if i%10 == 9 {
			starting := launch(t, setup{dir: dir})
			<-time.After(time.Duration(random.IntN(60)) * time.Millisecond)
			starting.kill()
		}
		p := start(t, setup{dir: dir})
		check(t, dir, workers, false)
		lost := make(chan bool, clients)
		for _, w := range workers {
			go func() { lost <- w.run(p.addr) }()
		}
		awaitMoment(t, random, &steps)
		p.kill()
		for range workers {
			if <-lost {
				cut++
			}
		}
		left += len(unfinished(dir))
		if t.Failed() {
			t.Fatalf("kill %d, seed %d; the server said\n%s", i+1, *seed, p.log.said())
		}
	}
	start(t, setup{dir: dir})
	check(t, dir, workers, true)
	answered := total(workers)
	t.Logf("seed %d: %d kills, which cut off %d requests and %d files; %s", *seed, kills, cut, left, answered)
	if cut < kills || left < kills/10 || answered.received < 10*kills {
		t.Errorf("the load was too light to show anything")
	}
}

// awaitMoment returns at a random moment of the load, which is not sooner, measured
// in what was answered, where the machine is slower.
func awaitMoment(t *testing.T, random *rand.Rand, steps *atomic.Int64) {
	t.Helper()
	const longest, most = 300, 60 // milliseconds and steps
	enough := steps.Load() + random.Int64N(most)
	<-time.After(time.Duration(random.IntN(longest)) * time.Millisecond)
	for deadline := time.Now().Add(patience); steps.Load() < enough; {
		if time.Now().After(deadline) {
			t.Fatalf("the server answered fewer than %d requests in %s", most, patience)
		}
		<-time.After(time.Millisecond)
	}
}

// connectionLost says whether an error is what a kill does to a connection.
func connectionLost(err error) bool {
	for _, end := range []error{
		io.EOF, io.ErrUnexpectedEOF, syscall.ECONNRESET, syscall.EPIPE, syscall.ECONNREFUSED,
	} {
		if errors.Is(err, end) {
			return true
		}
	}
	return false
}

// answers counts what the server has promised.
type answers struct{ registered, keys, received, verified int }

func (a answers) String() string {
	return fmt.Sprintf("answered: %d registrations, %d keys, %d files received, %d verified",
		a.registered, a.keys, a.received, a.verified)
}

func total(workers []*worker) (sum answers) {
	for _, w := range workers {
		sum.registered += w.answered.registered
		sum.keys += w.answered.keys
		sum.received += w.answered.received
		sum.verified += w.answered.verified
	}
	return sum
}

// check compares what the server has with what it has promised: for the clients
// that did something since the last time, or for all.
func check(t *testing.T, dir string, workers []*worker, all bool) {
	t.Helper()
	if stray := unfinished(dir); len(stray) > 0 {
		t.Errorf("after the start there are still %q", stray)
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{"defensive.db": true, "defensive.db-wal": true, "defensive.db-shm": true, "clients": true}
	for _, entry := range entries {
		if !known[entry.Name()] {
			t.Errorf("after the start there is a stray %s", entry.Name())
		}
	}
	rows := readDatabase(t, dir)
	for _, w := range workers {
		for _, a := range w.accounts {
			if a.touched || all {
				a.check(t, dir, rows)
				a.touched = false
			}
		}
	}
}
