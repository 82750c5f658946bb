package server

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"os"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/state"
)

// portFile names the port, in the working directory (STO-1).
const portFile = "port.info"

// options are the values of the flags.
type options struct {
	addr, data, edition string
	limits              Limits
	logFormat           string
	logLevel            slog.Level
}

func (o *options) define(cmd *cobra.Command) {
	defaults := Limits{}.withDefaults()
	flags := cmd.Flags()
	flags.SortFlags = false
	flags.StringVar(&o.addr, "addr", "", "listen on `HOST:PORT` (default: all, port from ./port.info)")
	flags.StringVar(&o.data, "data", ".", "keep database and files in `FOLDER`")
	flags.StringVar(&o.edition, "edition", spec.DefaultEdition, "speak the protocol of edition `NAME`")
	flags.DurationVar(&o.limits.Idle, "idle-timeout", defaults.Idle, "close a connection without progress after `TIME`")
	flags.DurationVar(&o.limits.Grace, "grace", defaults.Grace, "at the end give requests in flight `TIME`")
	flags.IntVar(&o.limits.Connections, "max-connections", defaults.Connections, "serve at most `N` connections at once")
	flags.StringVar(&o.logFormat, "log-format", "text", "log as `text or json`")
	flags.TextVar(&o.logLevel, "log-level", slog.LevelInfo, "log from `LEVEL` on: debug, info, warn or error")
}

// run serves until ctx is over.
func (o *options) run(ctx context.Context, stderr io.Writer) error {
	edition, log, err := o.check(stderr)
	if err != nil {
		return err
	}
	addr := o.addr
	if addr == "" {
		addr = net.JoinHostPort("", strconv.Itoa(int(readPort(edition, log))))
	}
	// Before the data folder is touched: the address may be in use by a server that
	// works in the same one.
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", addr)
	if err != nil {
		return err
	}
	server, err := New(Config{Edition: edition, Dir: o.data, Log: log, Limits: o.limits})
	if err != nil {
		_ = listener.Close()
		return err
	}
	log.Info("listening", "addr", listener.Addr().String(), "edition", edition.Name, "data", o.data)
	err = server.Serve(ctx, listener)
	log.Info("stopped")
	return err
}

// check judges the flags; its errors are mistakes in the command line.
func (o *options) check(stderr io.Writer) (*spec.Edition, *slog.Logger, error) {
	edition, err := spec.LookupEdition(o.edition)
	if err != nil {
		return nil, nil, &UsageError{err}
	}
	if o.addr != "" {
		if _, _, err := net.SplitHostPort(o.addr); err != nil {
			return nil, nil, &UsageError{fmt.Errorf("--addr: %w", err)}
		}
	}
	if o.limits.Idle <= 0 || o.limits.Grace <= 0 || o.limits.Connections <= 0 {
		return nil, nil, &UsageError{errors.New("--idle-timeout, --grace and --max-connections must be above 0")}
	}
	level := &slog.HandlerOptions{Level: o.logLevel}
	switch o.logFormat {
	case "text":
		return edition, slog.New(slog.NewTextHandler(stderr, level)), nil
	case "json":
		return edition, slog.New(slog.NewJSONHandler(stderr, level)), nil
	}
	return nil, nil, &UsageError{fmt.Errorf("--log-format %q: must be text or json", o.logFormat)}
}

// readPort returns the port in port.info, or with a warning the edition's own
// (STO-1, STO-2).
func readPort(edition *spec.Edition, log *slog.Logger) uint16 {
	port, err := portIn(portFile)
	if err != nil {
		log.Warn("no port in "+portFile+", taking the default", "port", edition.DefaultPort, "err", err)
		return edition.DefaultPort
	}
	return port
}

func portIn(file string) (uint16, error) {
	in, err := os.Open(file)
	if errors.Is(err, fs.ErrNotExist) {
		return 0, errors.New("the file is missing")
	}
	if err != nil {
		return 0, err
	}
	defer func() { _ = in.Close() }()                   // was only read
	text, err := io.ReadAll(io.LimitReader(in, 64<<10)) // what is longer is no port
	if err != nil {
		return 0, err
	}
	return state.ParsePort(text)
}
