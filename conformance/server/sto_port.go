package server

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"
	"time"

	. "github.com/onsi/ginkgo/v2"

	. "github.com/xferspec/xferspec/conformance"
	"github.com/xferspec/xferspec/harness/target"
	"github.com/xferspec/xferspec/spec/wire"
)

// portWait is how long a case waits for the edition's default port, which other
// runs may have, and which closed connections keep for a minute.
const portWait = 90 * time.Second

// portAttempts is how often the server may try to get the default port.
const portAttempts = 3

// startTime is how long a server may take to listen, beyond a multiple of what
// it took before: not normative.
const startTime = 2 * time.Second

// Whether the server prints a warning is not judged: what it has printed may be
// in a buffer that is lost when it is stopped. How port.info ends, with a line
// end or without, is not laid down.
var _ = Describe("the port", Server, Local, Order(13), func() {
	It("listens on the port in port.info at every start", Case("SRV-STO-04", "STO-1"), func(ctx SpecContext) {
		needPortInfo(ctx)
		restart(ctx) // which has another port
		leave(ctx, registered(ctx))
	})

	for _, row := range []struct {
		id, what string
		info     target.PortInfo
	}{
		{"SRV-STO-05", "without a port.info", target.PortInfo{Missing: true}},
		{"SRV-STO-06", "when port.info is empty", target.PortInfo{}},
		{"SRV-STO-07", "when port.info has no number", target.PortInfo{Text: []byte("port\n")}},
		{"SRV-STO-08", "when port.info has 0", target.PortInfo{Text: []byte("0\n")}},
		{"SRV-STO-09", "when port.info has 65536", target.PortInfo{Text: []byte("65536\n")}},
	} {
		It("listens on the edition's default port "+row.what, Case(row.id, "STO-2"), func(ctx SpecContext) {
			needPortInfo(ctx)
			expectOnDefaultPort(ctx, row.info)
		})
	}
})

// needPortInfo ends the case for a server that is told its port otherwise.
func needPortInfo(ctx context.Context) {
	command := from(ctx).config.Command
	if slices.ContainsFunc(command, func(arg string) bool { return strings.Contains(arg, "{port}") }) {
		NotApplicable("the command is told its port by {port}, it need not read port.info")
	}
}

// expectOnDefaultPort starts another instance with that port.info, and fails the
// case if it does not listen on the default port. Another program may take the
// port just before the server does, so it is tried a few times.
func expectOnDefaultPort(ctx context.Context, info target.PortInfo) {
	GinkgoHelper()
	e := from(ctx)
	cfg := e.config
	cfg.PortInfo, cfg.Ready = &info, e.greeted
	cfg.StartTimeout = time.Duration(e.timeScale*float64(startTime)) + 5*e.startup
	var err error
	for range portAttempts {
		if err = e.startOnDefaultPort(ctx, cfg); err == nil {
			return
		}
	}
	check(false, fmt.Sprintf("the server listens on port %d", e.edition.DefaultPort), "%v", err)
}

// startOnDefaultPort starts an instance, waits until it is ready, and ends it.
func (e *env) startOnDefaultPort(ctx context.Context, cfg target.ServerConfig) error {
	if cfg.Image == "" && cfg.Build == "" { // a container has ports of its own
		limited, cancel := context.WithTimeout(ctx, portWait)
		defer cancel()
		release, err := target.ReservePort(limited, e.edition.DefaultPort)
		if err != nil {
			NotRun("the edition's default port is not to be had: " + err.Error())
		}
		defer release()
	}
	other, err := target.OpenServer(ctx, cfg)
	if err != nil {
		NotRun("no second instance of the server: " + err.Error())
	}
	defer func() { _ = other.Close() }()
	return other.Start(ctx)
}

// greeted is ready for a port that is needed again at once. Connections that
// are closed in order may keep their port for a minute; this one is reset after
// its answer.
func (e *env) greeted(ctx context.Context, addr string) error {
	request, err := wire.AppendRequest(nil, e.edition, wire.ID{}, &wire.Register{Name: "client-" + e.prefix})
	if err != nil {
		return err
	}
	dialer := net.Dialer{Deadline: time.Now().Add(e.timeout)}
	conn, err := dialer.DialContext(ctx, "tcp", addr)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }()
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
	defer stop()
	_ = conn.SetDeadline(time.Now().Add(e.timeout))
	if _, err := conn.Write(request); err != nil {
		return err
	}
	if _, err := conn.Read(make([]byte, 64)); err != nil && !errors.Is(err, io.EOF) { // an answer, or the end
		return err
	}
	return nil
}
