package target

import (
	"context"
	"time"
)

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
	// Restart stops the server and starts it in the same folder, a command on another port.
	Restart(ctx context.Context) error
	// Close kills the server and removes its folder or container, and what
	// Files has copied. Nothing can be started afterwards.
	Close() error

	// Addr returns "host:port" of the latest start, "" before the first.
	Addr() string
	// Dir returns the folder in which the server runs, by the path under which
	// the server itself knows it: in a container that is not a path of this
	// machine, see Files. It is "" where the server is not local.
	Dir() string
	// Files returns where on this machine to look at the file or folder that
	// the server has at a path, which is Dir or another absolute one. For a
	// command it is that path itself, for a container a fresh copy that stays
	// until the next call; links that lead out of the folder, and special
	// files, are not copied. That nothing is there is an error that wraps
	// fs.ErrNotExist.
	Files(ctx context.Context, path string) (string, error)
	// Local says whether process and folder can be got at. If not, Stop, Kill,
	// Restart, Files, Memory, ResetMemory and CPU return an error that wraps ErrNotLocal.
	Local() bool
	// Exited says whether the process of the latest start has ended, and how.
	Exited() (ExitState, bool)
	// Memory returns the most memory that the processes of the latest start have
	// taken up so far, in bytes of RAM. Where that cannot be seen, as with a
	// container and on systems other than Linux, the error wraps errors.ErrUnsupported.
	Memory() (int64, error)
	// ResetMemory makes Memory count from now on. Its errors are those of Memory.
	ResetMemory() error
	// CPU returns the processor time that the processes of the latest start have
	// taken so far, and those that they started and waited for. Its errors are
	// those of Memory.
	CPU() (time.Duration, error)
	// Output returns the last 64 KiB that the process of the latest start has
	// printed, as it printed them.
	Output() string
}

// OpenServer prepares a server, without starting it: Start does that. For a
// command it copies the folder, for a container it builds the image and makes
// the container, and Close must be called in the end. What cannot be used is a
// *ConfigError, a container engine that does not answer or fails is an *EngineError.
func OpenServer(ctx context.Context, cfg ServerConfig) (Server, error) {
	open, err := cfg.opener()
	if err != nil {
		return nil, err
	}
	if cfg.Ready == nil {
		cfg.Ready = accepts
	}
	if cfg.StopGrace == 0 {
		cfg.StopGrace = stopGrace
	}
	if cfg.StartTimeout == 0 {
		cfg.StartTimeout = startLocal
		if cfg.Addr != "" {
			cfg.StartTimeout = startAddress
		}
	}
	return open(ctx, cfg)
}
