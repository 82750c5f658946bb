package interop

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"

	"github.com/xferspec/xferspec/conformance/internal/storage"
	"github.com/xferspec/xferspec/reference/server"
	"github.com/xferspec/xferspec/spec"
)

// ReferenceServer is a reference server that runs in this process, in a
// temporary folder, until Close.
type ReferenceServer struct {
	addr, dir string
	stop      context.CancelFunc
	ended     chan struct{}
	err       error // of serving, when ended
}

// StartServer starts a reference server on a free port of 127.0.0.1.
func StartServer(ctx context.Context, ed *spec.Edition) (*ReferenceServer, error) {
	dir, err := os.MkdirTemp("", "xferspec-reference-*")
	if err != nil {
		return nil, fmt.Errorf("start the reference server: %w", err)
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, errors.Join(fmt.Errorf("start the reference server: %w", err), os.RemoveAll(dir))
	}
	s, err := server.New(server.Config{Edition: ed, Dir: dir})
	if err != nil {
		return nil, errors.Join(fmt.Errorf("start the reference server: %w", err), listener.Close(), os.RemoveAll(dir))
	}
	ctx, stop := context.WithCancel(ctx)
	r := &ReferenceServer{addr: listener.Addr().String(), dir: dir, stop: stop, ended: make(chan struct{})}
	go func() {
		defer close(r.ended)
		r.err = s.Serve(ctx, listener)
	}()
	return r, nil
}

// Addr returns "host:port".
func (r *ReferenceServer) Addr() string { return r.addr }

// Close ends the server and removes its folder. It may be called again.
func (r *ReferenceServer) Close() error {
	r.stop()
	<-r.ended
	return errors.Join(r.err, os.RemoveAll(r.dir))
}

// Holds says whether a file with just this content is in the server's folder.
func (r *ReferenceServer) Holds(content []byte) bool { return len(storage.Find(r.dir, content)) > 0 }
