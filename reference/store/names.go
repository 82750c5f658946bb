package store

import (
	"hash/maphash"
	"sync"

	"github.com/xferspec/xferspec/spec/wire"
)

// names are locks of files, so that a file and its row change together. Two files
// may happen to share one.
type names struct {
	seed  maphash.Seed
	locks [1024]sync.Mutex
}

func newNames() *names { return &names{seed: maphash.MakeSeed()} }

// lock waits until nobody else changes a client's file, and returns what unlocks it.
func (n *names) lock(client wire.ID, name string) (unlock func()) {
	type file struct {
		client wire.ID
		name   string
	}
	m := &n.locks[maphash.Comparable(n.seed, file{client, name})%uint64(len(n.locks))]
	m.Lock()
	return m.Unlock
}
