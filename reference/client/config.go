package client

import (
	"context"
	"io"
	"net"
	"time"

	"github.com/xferspec/xferspec/spec"
)

// DefaultTimeout is how long the client waits for the server where nothing else
// is said: a little longer than a server under test may take for an answer.
const DefaultTimeout = 6 * time.Second

// Config says where and how a client runs. The zero Config runs the default
// edition in the working directory of the process, in silence.
type Config struct {
	Edition *spec.Edition // nil for spec.DefaultEdition
	Dir     string        // directory with transfer.info, me.info and priv.key
	Out     io.Writer     // takes a line for every step; nil for none
	Quiet   bool          // no lines but those about error responses (RTY-1)

	// Timeout bounds every wait for the server (RTY-8): for the connection, for
	// an answer, and for its taking the next piece of the file. A file's answer
	// may take a second more for every million bytes. 0 for DefaultTimeout.
	Timeout time.Duration

	// Dial makes the connection to the server of transfer.info, on the network
	// "tcp". nil for that of a net.Dialer with the Timeout.
	Dial func(ctx context.Context, network, addr string) (net.Conn, error)
}

// withDefaults returns c with every field filled in.
func (c Config) withDefaults() (Config, error) {
	if c.Edition == nil {
		edition, err := spec.LookupEdition(spec.DefaultEdition)
		if err != nil {
			return c, err
		}
		c.Edition = edition
	}
	if c.Dir == "" {
		c.Dir = "."
	}
	if c.Out == nil {
		c.Out = io.Discard
	}
	if c.Timeout <= 0 {
		c.Timeout = DefaultTimeout
	}
	if c.Dial == nil {
		c.Dial = (&net.Dialer{Timeout: c.Timeout}).DialContext
	}
	return c, nil
}
