package target

import (
	"fmt"
	"net"
	"sync"
	"testing"
)

func TestFreePortNeverRepeats(t *testing.T) {
	var mu sync.Mutex
	seen := map[uint16]bool{}
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 50 {
				port, err := freePort(t.Context())
				mu.Lock()
				if err != nil || port == 0 || seen[port] {
					t.Errorf("port %d, %v", port, err)
				}
				seen[port] = true
				mu.Unlock()
			}
		})
	}
	all.Wait()
}

func TestFreePortCanBeBound(t *testing.T) {
	port, err := freePort(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var config net.ListenConfig
	listener, err := config.Listen(t.Context(), "tcp", fmt.Sprintf("127.0.0.1:%d", port))
	if err != nil {
		t.Fatal(err)
	}
	_ = listener.Close()
}
