package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/xferspec/xferspec/conformance/internal/storage"
	"github.com/xferspec/xferspec/harness/target"
	"github.com/xferspec/xferspec/harness/trace"
	"github.com/xferspec/xferspec/spec/state"
)

// secondSize is the length of the second file, in bytes: one that fills its
// last packet to the last byte.
const secondSize = 1<<20 - 1

// transfers sends the first file as a new client, then a second one as the
// same client that logs in, and sees that both arrived whole.
func (d *demo) transfers(ctx context.Context, first string) error {
	second, err := d.makeFile("second.bin", secondSize)
	if err != nil {
		return err
	}
	server, err := target.OpenServer(ctx, target.ServerConfig{
		Edition: d.edition, Command: []string{d.self, "reference", "server"},
	})
	if err != nil {
		return err
	}
	defer func() { _ = server.Close() }()
	if err := server.Start(ctx); err != nil {
		return err
	}
	var folder string // of the client, as the run before left it
	for _, step := range []struct{ what, path, trace string }{
		{"a new client registers and sends", first, "first.xftrace"},
		{"the same client logs in and sends", second, "second.xftrace"},
	} {
		fmt.Fprintf(d.w, "--- %s %s\n", step.what, filepath.Base(step.path))
		run, err := d.send(ctx, server, folder, step.path, step.trace)
		if err != nil {
			return err
		}
		defer func() { _ = run.Close() }()
		folder = run.Dir
	}
	return nil
}

// send runs the client once through a relay that records the conversation.
func (d *demo) send(ctx context.Context, server target.Server, folder, path, traceName string) (*target.Run, error) {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("listen for the client: %w", err)
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	var relayErr error
	relayed := make(chan struct{})
	go func() {
		defer close(relayed)
		relayErr = trace.Relay(ctx, listener, server.Addr(), d.edition.Name, func(t *trace.Transcript) {
			_, relayErr = trace.WriteFiles(filepath.Join(d.out, traceName), []*trace.Transcript{t})
		})
	}()
	started := time.Now()
	config := target.ClientConfig{Dir: folder, Command: []string{d.self, "reference", "client"}}
	run, err := target.RunClient(ctx, config, func(dir string) error {
		info := state.TransferInfo{Addr: listener.Addr().String(), Name: "Demo Client", Path: path}
		return os.WriteFile(filepath.Join(dir, "transfer.info"), info.Format(), 0o600)
	})
	took := time.Since(started)
	stop()
	<-relayed
	if err := errors.Join(err, relayErr); err != nil {
		return nil, err
	}
	fmt.Fprintf(d.w, "%s\n", strings.TrimSpace(run.Output))
	if run.ExitCode != 0 {
		return nil, fmt.Errorf("the reference client failed with exit status %d", run.ExitCode)
	}
	return run, d.arrived(server.Dir(), path, took)
}

// arrived looks for the file in the server's folder, by content.
func (d *demo) arrived(folder, path string, took time.Duration) error {
	want, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	if len(storage.Find(folder, want)) == 0 {
		return fmt.Errorf("the server's folder does not hold %s", filepath.Base(path))
	}
	fmt.Fprintf(d.w, "the server has stored the same %d bytes, %s after the client was started\n", len(want), took.Round(time.Millisecond))
	return nil
}
