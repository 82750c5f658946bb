package reference_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/xferspec/xferspec/spec"
)

// First contact, later contact, later contact with a server that was restarted.
func TestPair(t *testing.T) {
	for _, edition := range spec.Editions() {
		t.Run(edition.Name, func(t *testing.T) {
			t.Parallel()
			serverDir := t.TempDir()
			addr, stop := startServer(t, edition, serverDir)
			dir := writeOutbox(t, addr, "Ada Lovelace", "")
			for run, size := range []int64{1 << 20, 0, 1024, 100_000} {
				if run == 3 {
					stop()
					addr, _ = startServer(t, edition, serverDir)
				}
				path := randomFile(t, size, byte(run))
				addressTo(t, dir, addr, "Ada Lovelace", path)
				output := mustSend(t, edition, dir)
				if registered := strings.Contains(output, "registered"); registered != (run == 0) {
					t.Errorf("run %d: registered: %t\n%s", run, registered, output)
				}
				if n := stored(t, serverDir, path); n != 1 {
					t.Errorf("the server has %d files with the %d bytes of run %d, want 1", n, size, run)
				}
			}
		})
	}
}

// FRM-7, FIL-18, FIL-20: clients that send files of one name at the same time.
func TestManyClients(t *testing.T) {
	edition := defaultEdition(t)
	serverDir := t.TempDir()
	addr, _ := startServer(t, edition, serverDir)
	const clients = 8
	var paths [clients]string
	var runs sync.WaitGroup
	for i := range clients {
		paths[i] = randomFile(t, 200_000+int64(i), byte(i))
		dir := writeOutbox(t, addr, fmt.Sprintf("client %d", i), paths[i])
		runs.Go(func() {
			if output, err := send(t, edition, dir); err != nil {
				t.Errorf("client %d: %v\n%s", i, err, output)
			}
		})
	}
	runs.Wait()
	for i, path := range paths {
		if n := stored(t, serverDir, path); n != 1 {
			t.Errorf("the server has %d files like that of client %d, want 1", n, i)
		}
	}
}
