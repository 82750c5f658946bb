package target

import (
	"context"
	"errors"
	"fmt"
	"net/netip"

	"github.com/containerd/errdefs"
	api "github.com/moby/moby/api/types/container"
	"github.com/moby/moby/api/types/network"
	"github.com/moby/moby/client"
	"github.com/testcontainers/testcontainers-go"

	"github.com/xferspec/xferspec/harness/confine"
)

// container is one container, from when it is made until it is removed. It can
// be started again and again, and keeps its files.
type container struct {
	testcontainers.Container
	engine *engine
	image  *image
	id     string
	port   network.Port // inside; the engine maps it to one of this machine at each start
	box    *confine.Box // nil for no limits
}

// newContainer makes a container, without starting it. A command stands for the
// one of the image. Port 0 is none. What is wrong with the image or the command
// is a *ConfigError.
func (e *engine) newContainer(ctx context.Context, img *image, command []string, port uint16, box *confine.Box) (*container, error) {
	c := &container{engine: e, image: img, box: box}
	request := testcontainers.ContainerRequest{
		Image: img.id, Cmd: command,
		Labels:             map[string]string{labelOurs: ours, labelRun: runID()},
		HostConfigModifier: c.configure,
	}
	if port != 0 {
		c.port, _ = network.PortFrom(port, network.TCP) // TCP is valid
		request.ExposedPorts = []string{c.port.String()}
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	limited, cancel := detached(ctx)
	defer cancel()
	made, err := e.provider.CreateContainer(limited, request)
	if err == nil {
		c.Container, c.id = made, made.GetContainerID()
		return c, nil
	}
	if made != nil {
		err = errors.Join(err, e.remove(made.GetContainerID()))
	}
	return nil, c.refused(ctx, "make a container", "no container can be made of it", err)
}

// configure is called by testcontainers. An init process as the first one
// passes signals on, so that a server ends by SIGTERM as it does elsewhere, and
// buries orphans. What is printed is read as it comes, and kept nowhere else.
func (c *container) configure(host *api.HostConfig) {
	host.Init = new(true)
	host.LogConfig = api.LogConfig{Type: "none"}
	if c.box != nil {
		confineContainer(host, c.box.Limits)
	}
	if !c.port.IsZero() {
		bind, _ := netip.ParseAddr(c.engine.bind) // else every address
		host.PortBindings = network.PortMap{c.port: {{HostIP: bind}}}
	}
}

// confineContainer has the engine keep the limits of a box, and new privileges from everyone.
func confineContainer(host *api.HostConfig, limits confine.Limits) {
	processes := int64(limits.Processes)
	host.Memory, host.MemorySwap, host.PidsLimit = limits.Memory, limits.Memory, &processes
	host.Ulimits = []*api.Ulimit{{Name: "fsize", Soft: limits.File, Hard: limits.File}, {Name: "core"}}
	host.SecurityOpt = append(host.SecurityOpt, "no-new-privileges")
}

// refused tells an image or a command that cannot be used from an engine that fails.
func (c *container) refused(ctx context.Context, doing, reason string, err error) error {
	if errdefs.IsInvalidArgument(err) || errdefs.IsNotFound(err) {
		return &ConfigError{Subject: c.image.name, Reason: reason + ": " + oneLine(err), Err: err}
	}
	return failed(ctx, doing, err)
}

// addr returns where this machine reaches the port since the latest start.
func (c *container) addr(ctx context.Context) (string, error) {
	limited, cancel := context.WithTimeout(ctx, engineLimit)
	defer cancel()
	found, err := c.engine.client.ContainerInspect(limited, c.id, client.ContainerInspectOptions{})
	if err != nil {
		return "", failed(ctx, "tell a container's address", err)
	}
	own, err := c.engine.ownAddresses()
	if err != nil {
		return "", err
	}
	if addr := addrOf(found.Container.NetworkSettings, c.port, own, c.engine.host); addr != "" {
		return addr, nil
	}
	return fmt.Sprintf("port %d of the container", c.port.Num()), nil // it has ended already
}

func (c *container) remove() error { return c.engine.remove(c.id) }
