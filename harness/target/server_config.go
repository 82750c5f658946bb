package target

import (
	"context"
	"fmt"
	"net"
	"strconv"
	"time"

	"github.com/xferspec/xferspec/harness/confine"
	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/state"
)

// portInfo is the file in which a server looks for its port (STO-1).
const portInfo = "port.info"

// How long things may take where the configuration does not say it.
const (
	startLocal   = 10 * time.Second // a program that has to load first
	startAddress = 2 * time.Second  // a server that should be up already
	stopGrace    = 3 * time.Second  // from SIGTERM to SIGKILL
)

// ServerConfig says how to reach a server: by Addr, by Command, or in a
// container by Image or Build.
type ServerConfig struct {
	Edition *spec.Edition // its default port completes an Addr without one, and is where PortInfo leads; else it may be nil

	Addr string // "host:port" of a server that runs already

	Image string // name or id of an image that the container engine has
	Build string // folder with a Dockerfile, from which the image is built

	// Dir is the folder of the implementation, which is copied; "" is an empty
	// folder. For a container it is copied into the working directory of the
	// image, over what is there.
	Dir string
	// Command is program and arguments, run inside the copy; {port} in an
	// argument becomes the port. For a container it stands for the image's CMD,
	// and may be left out.
	Command []string

	// Box confines it: a command as the box says, a container by its limits; nil for no box.
	Box *confine.Box

	PortInfo *PortInfo // nil: port.info holds the port on which the server is expected

	Ready        Ready         // nil: whoever accepts a connection is ready
	StartTimeout time.Duration // for Ready to succeed; 0: 10 s where the server is local, 2 s for an address
	StopGrace    time.Duration // from SIGTERM to SIGKILL; 0: 3 s
}

// PortInfo is a port.info that names no port. The server is then expected on
// the edition's default port (STO-2), which on this machine may be taken; in a
// container it never is.
type PortInfo struct {
	Text    []byte // what the file holds
	Missing bool   // there is no such file
}

// opener returns what opens this kind of server.
func (cfg *ServerConfig) opener() (func(context.Context, ServerConfig) (Server, error), error) {
	fault := func(reason string) error { return &ConfigError{Subject: "target", Reason: reason} }
	container := cfg.Image != "" || cfg.Build != ""
	switch {
	case cfg.Addr != "" && (len(cfg.Command) > 0 || container):
		return nil, fault("it is either an address or a command or a container, not both")
	case cfg.Image != "" && cfg.Build != "":
		return nil, fault(eitherImageOrBuild)
	case cfg.PortInfo != nil && cfg.Edition == nil:
		return nil, fault("without an edition it has no default port")
	case cfg.Addr != "":
		return openAddress, nil
	case container:
		return openContainer, nil
	case len(cfg.Command) > 0:
		return openCommand, nil
	}
	return nil, fault("it has neither an address nor a command nor an image")
}

// eitherImageOrBuild is a fault of server and client alike.
const eitherImageOrBuild = "its image is either named or built from a folder, not both"

// portInfo returns what port.info is to hold where the port is this; nil if it
// is to be missing.
func (cfg *ServerConfig) portInfo(port uint16) []byte {
	switch {
	case cfg.PortInfo == nil:
		return state.FormatPort(port)
	case cfg.PortInfo.Missing:
		return nil
	}
	return append([]byte{}, cfg.PortInfo.Text...)
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
