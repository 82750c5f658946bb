package reference_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/xferspec/xferspec/reference/server"
	"github.com/xferspec/xferspec/spec"
)

// serverDirVariable makes the test binary a server with that data folder.
const serverDirVariable = "XFERSPEC_TEST_SERVER_DIR"

func TestMain(m *testing.M) {
	if dir := os.Getenv(serverDirVariable); dir != "" {
		if err := serveUntilEOF(dir); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// serveUntilEOF prints the address and serves until standard input ends.
func serveUntilEOF(dir string) error {
	edition, err := spec.LookupEdition(spec.DefaultEdition)
	if err != nil {
		return err
	}
	s, err := server.New(server.Config{Edition: edition, Dir: dir})
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Println(listener.Addr())
	ctx, cancel := context.WithCancel(context.Background())
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		cancel()
	}()
	return s.Serve(ctx, listener)
}

// startProcess starts a server of the default edition in a process of its own.
func startProcess(t testing.TB, dir string) (addr string, process *os.Process) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), serverDirVariable+"="+dir)
	cmd.Stderr = os.Stderr
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = stdin.Close()
		if err := cmd.Wait(); err != nil {
			t.Errorf("the server process ended with: %v", err)
		}
	})
	addr, err = bufio.NewReader(stdout).ReadString('\n')
	if err != nil {
		t.Fatalf("the server process said no address: %v", err)
	}
	return strings.TrimSpace(addr), cmd.Process
}
