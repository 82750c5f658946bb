package target

import (
	"context"
	"fmt"
	"net"
	"strconv"
	"time"

	"github.com/xferspec/xferspec/spec"
)

// How long things may take where the configuration does not say it.
const (
	startCommand = 10 * time.Second // a command that has to load first
	startAddress = 2 * time.Second  // a server that should be up already
	stopGrace    = 3 * time.Second  // from SIGTERM to SIGKILL
)

// ServerConfig says how to reach a server: by Addr or by Command.
type ServerConfig struct {
	Edition *spec.Edition // its default port completes an Addr without one; may be nil

	Addr string // "host:port" of a server that runs already

	Dir     string   // folder of the implementation, which is copied; "" is an empty folder
	Command []string // program and arguments, run inside the copy; {port} in an argument becomes the port

	Ready        Ready         // nil: whoever accepts a connection is ready
	StartTimeout time.Duration // for Ready to succeed; 0: 10 s for a command, 2 s for an address
	StopGrace    time.Duration // from SIGTERM to SIGKILL; 0: 3 s
}

// Server is a server under test. Its methods may be called concurrently; those
// that start and stop it wait for each other.
type Server interface {
	// Start starts the server and waits until it is ready. That it does not
	// become so is a *StartError, and it is then not running.
	Start(ctx context.Context) error
	// Stop ends the server by SIGTERM, and after a grace period or the end of
	// ctx by SIGKILL. It does nothing where the server is not running.
	Stop(ctx context.Context) error
	// Kill ends the server by SIGKILL and returns when it is gone.
	Kill() error
	// Restart stops the server and starts it in the same folder on another port.
	Restart(ctx context.Context) error
	// Close kills the server and removes its folder. Nothing can be started afterwards.
	Close() error

	// Addr returns "host:port" of the latest start, "" before the first.
	Addr() string
	// Dir returns the folder in which the server runs, "" where it is not local.
	Dir() string
	// Local says whether process and folder can be got at. If not, Stop, Kill
	// and Restart return an error that wraps ErrNotLocal.
	Local() bool
	// Exited says whether the process of the latest start has ended, and how.
	Exited() (ExitState, bool)
	// Output returns the last 64 KiB that the process of the latest start has
	// printed, as it printed them.
	Output() string
}

// OpenServer prepares a server, without starting it: Start does that. For a
// command it copies the folder, and Close must be called in the end. What
// cannot be used is a *ConfigError.
func OpenServer(ctx context.Context, cfg ServerConfig) (Server, error) {
	if cfg.Ready == nil {
		cfg.Ready = accepts
	}
	if cfg.StopGrace == 0 {
		cfg.StopGrace = stopGrace
	}
	switch {
	case cfg.Addr != "" && len(cfg.Command) > 0:
		return nil, &ConfigError{Subject: "target", Reason: "it is either an address or a command, not both"}
	case cfg.Addr != "":
		return openAddress(cfg)
	case len(cfg.Command) > 0:
		return openCommand(ctx, cfg)
	}
	return nil, &ConfigError{Subject: "target", Reason: "it has neither an address nor a command"}
}

// completeAddr returns addr with the edition's default port where it has none.
func completeAddr(addr string, ed *spec.Edition) (string, error) {
	fault := func(reason string) error {
		return &ConfigError{Subject: fmt.Sprintf("address %q", addr), Reason: reason}
	}
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		withPort := net.JoinHostPort(addr, "0")
		if _, _, again := net.SplitHostPort(withPort); again != nil || ed == nil {
			return "", fault("it must be HOST:PORT")
		}
		host, port = addr, strconv.Itoa(int(ed.DefaultPort))
	}
	if n, err := strconv.ParseUint(port, 10, 16); err != nil || n == 0 {
		return "", fault("the port must be a number from 1 to 65535")
	}
	if host == "" {
		host = "127.0.0.1"
	}
	return net.JoinHostPort(host, port), nil
}
