package servers

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"strconv"
	"sync"
	"time"

	"github.com/xferspec/xferspec/conformance/mutants"
	"github.com/xferspec/xferspec/reference/server"
	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/state"
)

// process is the server as a program, and where a row hooks itself in. All hooks
// may be nil.
type process struct {
	edition   *spec.Edition
	stdout    io.Writer
	stderr    io.Writer
	log       *slog.Logger // of the reference; nil for none
	restarted bool         // there is a database already

	start     func() error                    // runs before the reference opens the folder
	readPort  func() (uint16, error)          // in place of reading port.info
	network   string                          // to listen on, "tcp" or "tcp4"
	transport func(net.Conn) net.Conn         // wraps a connection below the frames
	accept    func(net.Listener) net.Listener // wraps the listener above them
	connect   []func(c *conn)                 // run for every new connection
	exit      int                             // status at an end in order
	end       func()                          // runs at the end
	database  database

	ended <-chan struct{} // closed when the process is to end

	mu    sync.Mutex
	conns int // accepted so far
}

// mutation makes a row's server out of the reference.
type mutation func(p *process)

// portFile and folder are where the reference works.
const (
	portFile = "port.info"
	folder   = "."
)

// program makes a whole program of a mutation.
func program(mutate mutation) mutants.Program {
	return func(ctx context.Context, args []string, stdout, stderr io.Writer) int {
		if len(args) > 0 {
			fmt.Fprintf(stderr, "unexpected argument %q\n", args[0])
			return 2
		}
		edition, err := spec.LookupEdition(spec.DefaultEdition)
		if err != nil {
			fmt.Fprintln(stderr, err)
			return 1
		}
		p := &process{edition: edition, stdout: stdout, stderr: stderr, network: "tcp"}
		p.readPort, p.ended = p.portInFile, ctx.Done()
		_, err = os.Stat(edition.Database)
		p.restarted = err == nil
		mutate(p)
		if err := p.serve(ctx); err != nil {
			fmt.Fprintln(stderr, err)
			return 1
		}
		return p.exit
	}
}

// serve runs the reference server until ctx is over.
func (p *process) serve(ctx context.Context) error {
	port, err := p.readPort()
	if err != nil {
		return err
	}
	listener, err := new(net.ListenConfig).Listen(ctx, p.network, net.JoinHostPort("", strconv.Itoa(int(port))))
	if err != nil {
		return err
	}
	if p.start != nil {
		if err := p.start(); err != nil {
			_ = listener.Close()
			return err
		}
	}
	reference, err := server.New(server.Config{Edition: p.edition, Dir: folder, Log: p.log})
	if err != nil {
		_ = listener.Close()
		return err
	}
	listener = &frames{listener, p}
	if p.accept != nil {
		listener = p.accept(listener)
	}
	err = reference.Serve(ctx, listener)
	if p.end != nil {
		p.end()
	}
	return errors.Join(err, p.database.close())
}

// portInFile reads port.info, or warns and returns the default port (STO-1, STO-2).
func (p *process) portInFile() (uint16, error) {
	text, err := os.ReadFile(portFile)
	if err == nil {
		var port uint16
		if port, err = state.ParsePort(text); err == nil {
			return port, nil
		}
	}
	fmt.Fprintf(p.stderr, "warning: no port in %s, taking %d: %v\n", portFile, p.edition.DefaultPort, err)
	return p.edition.DefaultPort, nil
}

// frames is a listener whose connections are conns.
type frames struct {
	net.Listener
	process *process
}

// Accept implements net.Listener.
func (f *frames) Accept() (net.Conn, error) {
	raw, err := f.Listener.Accept()
	if err != nil {
		return nil, err
	}
	p := f.process
	if p.transport != nil {
		raw = p.transport(raw)
	}
	p.mu.Lock()
	p.conns++
	c := &conn{Conn: raw, process: p, number: p.conns, piece: 64 << 10}
	p.mu.Unlock()
	c.deliver = c.Conn.Write
	for _, hook := range p.connect {
		hook(c)
	}
	return c, nil
}

// wait lets some time pass, as a slow or distant server does.
func wait(d time.Duration) { <-time.After(d) }
