package reference_test

import (
	"fmt"
	"net"
	"os"
	"strings"
	"testing"
)

// memoryLimit is what the server may take while a large file arrives, in bytes.
const memoryLimit = 64 << 20

// FIL-22, FIL-11, FRM-13: the largest file arrives whole, and the server does not
// hold it in memory.
func TestLargestFile(t *testing.T) {
	serverDir := t.TempDir()
	addr, process := startProcess(t, serverDir)
	path := randomFile(t, largest, 1)
	output := mustSend(t, defaultEdition(t), writeOutbox(t, addr, "Ada Lovelace", path))
	if !strings.Contains(output, "packets: 65535") {
		t.Errorf("the client says\n%s", output)
	}
	if n := stored(t, serverDir, path); n != 1 {
		t.Errorf("the server has %d files like the one sent, want 1", n)
	}
	peak := peakMemory(t, process.Pid)
	t.Logf("peak memory of the server: %.1f MiB", float64(peak)/(1<<20))
	if peak >= memoryLimit {
		t.Errorf("the server took up to %d bytes of memory, want less than %d", peak, memoryLimit)
	}
}

// FIL-22: a byte more is refused before the client connects.
func TestTooLargeFile(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	path := randomFile(t, 0, 0)
	if err := os.Truncate(path, largest+1); err != nil {
		t.Fatal(err)
	}
	_, err = send(t, defaultEdition(t), writeOutbox(t, listener.Addr().String(), "Ada Lovelace", path))
	if err == nil || !strings.Contains(err.Error(), "67107839") {
		t.Errorf("error %v, want one that names the largest size", err)
	}
	// Nobody has connected: the next connection is the first.
	own, err := net.Dial("tcp", listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer own.Close()
	first, err := listener.Accept()
	if err != nil {
		t.Fatal(err)
	}
	defer first.Close()
	if first.RemoteAddr().String() != own.LocalAddr().String() {
		t.Errorf("somebody connected before: %s", first.RemoteAddr())
	}
}

// peakMemory returns the most that a process had resident at a time, in bytes.
func peakMemory(t testing.TB, pid int) int64 {
	t.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(status)) {
		var kib int64
		if _, err := fmt.Sscanf(line, "VmHWM: %d kB", &kib); err == nil {
			return kib << 10
		}
	}
	t.Fatalf("no VmHWM in\n%s", status)
	return 0
}
