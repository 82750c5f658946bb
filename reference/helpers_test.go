// Package reference_test lets the reference client and the reference server meet:
// what neither can show of itself, and how fast the two are together.
package reference_test

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/xferspec/xferspec/reference/client"
	"github.com/xferspec/xferspec/reference/server"
	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/state"
)

// largest is the size in bytes of the largest file of 2024a: 65,535 packets of
// 1024 bytes, of which one is padding (FIL-22).
const largest = 67_107_839

func defaultEdition(t testing.TB) *spec.Edition {
	t.Helper()
	edition, err := spec.LookupEdition(spec.DefaultEdition)
	if err != nil {
		t.Fatal(err)
	}
	return edition
}

// startServer serves a data folder until stop is called, or the test ends.
func startServer(t testing.TB, edition *spec.Edition, dir string) (addr string, stop func()) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s, err := server.New(server.Config{Edition: edition, Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	served := make(chan error, 1)
	go func() { served <- s.Serve(ctx, listener) }()
	stopped := false
	stop = func() {
		if stopped {
			return
		}
		stopped = true
		cancel()
		if err := <-served; err != nil {
			t.Errorf("the server ended with: %v", err)
		}
	}
	t.Cleanup(stop)
	return listener.Addr().String(), stop
}

// writeOutbox makes a client's working directory from which file is sent.
func writeOutbox(t testing.TB, addr, name, file string) (dir string) {
	t.Helper()
	dir = t.TempDir()
	addressTo(t, dir, addr, name, file)
	return dir
}

func addressTo(t testing.TB, dir, addr, name, file string) {
	t.Helper()
	text := state.TransferInfo{Addr: addr, Name: name, Path: file}.Format()
	if err := os.WriteFile(filepath.Join(dir, "transfer.info"), text, 0o600); err != nil {
		t.Fatal(err)
	}
}

// send runs the client to its end.
func send(t testing.TB, edition *spec.Edition, dir string) (output string, err error) {
	t.Helper()
	var out bytes.Buffer
	err = client.Run(t.Context(), client.Config{Edition: edition, Dir: dir, Out: &out, Timeout: time.Minute})
	return out.String(), err
}

// mustSend wants success.
func mustSend(t testing.TB, edition *spec.Edition, dir string) (output string) {
	t.Helper()
	output, err := send(t, edition, dir)
	if err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	return output
}

// randomFile writes size bytes, the same for the same seed.
func randomFile(t testing.TB, size int64, seed byte) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "data.bin")
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	buffered := bufio.NewWriterSize(file, 1<<20)
	if _, err := io.CopyN(buffered, rand.NewChaCha8([32]byte{seed}), size); err != nil {
		t.Fatal(err)
	}
	if err := buffered.Flush(); err != nil {
		t.Fatal(err)
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

// stored counts the files anywhere under a server's folder that equal the one at
// path.
func stored(t testing.TB, dir, path string) int {
	t.Helper()
	want, size := digest(t, path)
	found := 0
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		info, err := entry.Info()
		if err != nil || info.Size() != size {
			return err
		}
		if got, _ := digest(t, path); got == want {
			found++
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func digest(t testing.TB, path string) (sum string, size int64) {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	hash := sha256.New()
	if size, err = io.Copy(hash, file); err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%x", hash.Sum(nil)), size
}
