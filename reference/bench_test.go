package reference_test

import (
	"crypto/aes"
	"crypto/cipher"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/xferspec/xferspec/spec"
)

// BenchmarkTransfer64MiB takes the largest file of 2024a, a kibibyte short of 64
// MiB, from client to server over loopback. The client is known already; "run" is
// all that it does, from reading transfer.info to the server's thanks, and "program"
// the program that does it, from start to end. In turn with it the standard library
// encrypts the same bytes: "CBC-ms" is what that takes, "ratio" how many times as
// long the transfer takes, both by the fastest round: on a busy machine it is the
// one that nobody disturbed.
//
// In which folder the files lie is up to TMPDIR.
func BenchmarkTransfer64MiB(b *testing.B) {
	edition := defaultEdition(b)
	path := randomFile(b, largest, 1)
	serverDir := b.TempDir()
	addr, _ := startProcess(b, serverDir)
	dir := writeOutbox(b, addr, "Ada Lovelace", path)
	mustSend(b, edition, dir) // registers, and warms the page cache
	program := buildClient(b)
	b.Run("run", func(b *testing.B) {
		beside(b, path, serverDir, func() { mustSend(b, edition, dir) })
	})
	b.Run("program", func(b *testing.B) {
		beside(b, path, serverDir, func() {
			if output, err := exec.Command(program, "--dir", dir).CombinedOutput(); err != nil {
				b.Fatalf("%v\n%s", err, output)
			}
		})
	})
}

// beside times send and CBC in turn. What the server stored is removed in between,
// so that no transfer has to free the memory of another's file.
func beside(b *testing.B, path, serverDir string, send func()) {
	plain, err := os.ReadFile(path)
	if err != nil {
		b.Fatal(err)
	}
	plain = append(plain, 1) // the padding
	ciphertext := make([]byte, len(plain))
	var transfer, partner time.Duration = math.MaxInt64, math.MaxInt64
	b.SetBytes(largest)
	for b.Loop() {
		b.StopTimer()
		partner = min(partner, encrypt(b, ciphertext, plain))
		removeStored(b, serverDir)
		b.StartTimer()
		started := time.Now()
		send()
		transfer = min(transfer, time.Since(started))
	}
	b.ReportMetric(float64(partner.Microseconds())/1e3, "CBC-ms")
	b.ReportMetric(float64(transfer.Microseconds())/1e3, "transfer-ms")
	b.ReportMetric(float64(transfer)/float64(partner), "ratio")
}

func removeStored(b *testing.B, serverDir string) {
	b.Helper()
	paths, err := filepath.Glob(filepath.Join(serverDir, "clients", "*", "files", "*"))
	if err != nil {
		b.Fatal(err)
	}
	for _, path := range paths {
		if err := os.Remove(path); err != nil {
			b.Fatal(err)
		}
	}
}

func buildClient(b *testing.B) (path string) {
	b.Helper()
	path = filepath.Join(b.TempDir(), "xfer-client")
	if output, err := exec.Command("go", "build", "-o", path, "./cmd/xfer-client").CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, output)
	}
	return path
}

// encrypt says how long AES-CBC takes.
func encrypt(b *testing.B, dst, src []byte) time.Duration {
	b.Helper()
	block, err := aes.NewCipher(make([]byte, 32))
	if err != nil {
		b.Fatal(err)
	}
	started := time.Now()
	cipher.NewCBCEncrypter(block, make([]byte, aes.BlockSize)).CryptBlocks(dst, src)
	return time.Since(started)
}

// BenchmarkCrowd lets 256 clients send a file of 1 MB each at the same time to a
// server in a process of its own. "MB/cpu-s" is how much the server takes in for
// each second of processor time, "ratio" how much that is compared with one client
// that sends as many files one after the other; "peak-MiB" is the most memory that
// the server had.
func BenchmarkCrowd(b *testing.B) {
	const clients, size = 256, 1_000_000
	edition := defaultEdition(b)
	path := randomFile(b, size, 1)
	var dirs []string
	enrol := func(addr string) {
		dirs = nil
		for i := range clients {
			dir := writeOutbox(b, addr, fmt.Sprint("client ", i), path)
			mustSend(b, edition, dir)
			dirs = append(dirs, dir)
		}
	}
	var alone, crowd usage
	b.SetBytes(clients * size)
	for b.Loop() {
		b.StopTimer()
		addr, process := startProcess(b, b.TempDir())
		enrol(addr)
		alone.add(b, process.Pid, func() {
			for range clients {
				mustSend(b, edition, dirs[0])
			}
		})
		b.StartTimer()
		crowd.add(b, process.Pid, func() { sendAll(b, edition, dirs) })
		b.StopTimer()
		b.ReportMetric(float64(peakMemory(b, process.Pid))/(1<<20), "peak-MiB")
		b.StartTimer()
	}
	bytes := float64(b.N * clients * size)
	b.ReportMetric(bytes/1e6/crowd.cpu.Seconds(), "MB/cpu-s")
	b.ReportMetric(alone.cpu.Seconds()/crowd.cpu.Seconds(), "ratio")
	b.ReportMetric(alone.elapsed.Seconds()/crowd.elapsed.Seconds(), "elapsed-ratio")
}

// sendAll runs clients at the same time.
func sendAll(b *testing.B, edition *spec.Edition, dirs []string) {
	b.Helper()
	failed := make(chan error)
	for _, dir := range dirs {
		go func() {
			_, err := send(b, edition, dir)
			failed <- err
		}()
	}
	for range dirs {
		if err := <-failed; err != nil {
			b.Error(err)
		}
	}
}

// usage is what a process took meanwhile.
type usage struct{ cpu, elapsed time.Duration }

func (u *usage) add(b *testing.B, pid int, do func()) {
	b.Helper()
	cpu, started := processorTime(b, pid), time.Now()
	do()
	u.elapsed += time.Since(started)
	u.cpu += processorTime(b, pid) - cpu
}

// processorTime is what a process has used so far, to a hundredth of a second.
func processorTime(b *testing.B, pid int) time.Duration {
	b.Helper()
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		b.Fatal(err)
	}
	var name, state string
	var skipped [10]int64
	var user, system int64
	fields := []any{new(int), &name, &state}
	for i := range skipped {
		fields = append(fields, &skipped[i])
	}
	if _, err := fmt.Sscan(string(stat), append(fields, &user, &system)...); err != nil {
		b.Fatal(err)
	}
	return time.Duration(user+system) * 10 * time.Millisecond
}
