package target

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/moby/moby/client"
	"github.com/testcontainers/testcontainers-go"
	"github.com/testcontainers/testcontainers-go/log"
)

// Limits for what an engine does soon, or not at all.
const (
	connectLimit = 10 * time.Second // to find out whether there is one
	engineLimit  = 60 * time.Second // for one request to it that moves no files; it may be busy with many at once
)

// engine is the container engine of this machine.
type engine struct {
	provider *testcontainers.DockerProvider
	client   client.APIClient
	host     string // by which the ports that it publishes are reached
	bind     string // the address on which it shall publish them; "" is every one

	building sync.Mutex
	built    map[string]string // folder → id of the image that this process has built from it
}

// shared is the process's engine: testcontainers, too, looks for it once per process.
var shared struct {
	sync.Mutex
	engine *engine
}

// openEngine returns the engine, or an *EngineError if none answers.
func openEngine(ctx context.Context) (*engine, error) {
	shared.Lock()
	defer shared.Unlock()
	if shared.engine != nil {
		return shared.engine, nil
	}
	limited, cancel := context.WithTimeout(ctx, connectLimit)
	defer cancel()
	found, err := connect(limited)
	if err == nil {
		shared.engine = found
		return found, nil
	}
	if errors.Is(ctx.Err(), context.Canceled) {
		return nil, context.Cause(ctx)
	}
	return nil, &EngineError{Doing: "be reached", Err: err,
		Hint: "start Docker, with 'systemctl start docker' or 'dockerd', or set DOCKER_HOST to where one answers"}
}

// connect looks for an engine until ctx ends.
func connect(ctx context.Context) (*engine, error) {
	if os.Getenv(client.EnvOverrideHost) != "" { // where it does not answer, testcontainers would look elsewhere
		if err := pingNamed(ctx); err != nil {
			return nil, err
		}
	}
	configure()
	type result struct {
		engine *engine
		err    error
	}
	done := make(chan result, 1)
	go func() { // it takes no context
		found, err := newEngine()
		done <- result{found, err}
	}()
	select {
	case r := <-done:
		return r.engine, r.err
	case <-ctx.Done():
		return nil, fmt.Errorf("no answer: %w", ctx.Err())
	}
}

// pingNamed asks the engine that DOCKER_HOST names.
func pingNamed(ctx context.Context) error {
	named, err := client.New(client.FromEnv)
	if err != nil {
		return err
	}
	defer func() { _ = named.Close() }()
	_, err = named.Ping(ctx, client.PingOptions{})
	return err
}

// configure sets what testcontainers reads from the environment, but for what
// the user has set. Its reaper is an image of its own, which not everyone can
// pull, and Sweep does that work here. An engine behind a socket publishes
// ports on this machine, even if this looks like the inside of a container.
func configure() {
	log.SetDefault(log.NewNoopLogger())
	settings := map[string]string{"TESTCONTAINERS_RYUK_DISABLED": "true"}
	if host := os.Getenv(client.EnvOverrideHost); host == "" || strings.HasPrefix(host, "unix:") || strings.HasPrefix(host, "npipe:") {
		settings["TESTCONTAINERS_HOST_OVERRIDE"] = "127.0.0.1"
	}
	for name, value := range settings {
		if _, ok := os.LookupEnv(name); !ok {
			_ = os.Setenv(name, value) // fails for impossible names alone
		}
	}
}

func newEngine() (*engine, error) {
	provider, err := testcontainers.NewDockerProvider(testcontainers.WithLogger(log.NewNoopLogger()))
	if err != nil {
		return nil, err
	}
	host, err := provider.DaemonHost(context.Background())
	if err != nil {
		return nil, err
	}
	e := &engine{provider: provider, client: provider.Client(), host: host, built: map[string]string{}}
	if host == "127.0.0.1" || host == "localhost" {
		e.host, e.bind = "127.0.0.1", "127.0.0.1"
	}
	return e, nil
}

// detached returns a context for a request that has to be finished whatever
// happened to the caller's: else nobody would know what it has left behind.
func detached(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(ctx), engineLimit)
}

// failed returns the error of a request to the engine: that of the caller's
// context if it has ended, else an *EngineError.
func failed(ctx context.Context, doing string, err error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return &EngineError{Doing: doing, Err: err}
}
