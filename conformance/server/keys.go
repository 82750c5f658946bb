package server

import (
	"crypto/rsa"
	"fmt"
	"sync"

	"github.com/xferspec/xferspec/spec/seal"
)

// keyRing makes the run's RSA keys when they are first asked for. Most cases
// share the first one: making a key takes longer than most cases.
type keyRing struct {
	mu   sync.Mutex
	keys []*rsa.PrivateKey
}

// get returns the nth key, counted from 0: different ones for different n.
func (k *keyRing) get(n int) *rsa.PrivateKey {
	k.mu.Lock()
	defer k.mu.Unlock()
	for len(k.keys) <= n {
		key, err := seal.GenerateKey()
		if err != nil {
			panic(fmt.Sprintf("server: make a key: %v", err)) // no randomness: nothing can be tested
		}
		k.keys = append(k.keys, key)
	}
	return k.keys[n]
}
