package target

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path"
	"sync"
)

// containerPlace is a container in which a server runs.
type containerPlace struct {
	cfg       ServerConfig
	container *container
	port      uint16 // inside

	mu     sync.Mutex
	copied string // what files has copied last, "" if nothing
	gone   bool
}

func openContainer(ctx context.Context, cfg ServerConfig) (Server, error) {
	e, err := openEngine(ctx)
	if err != nil {
		return nil, err
	}
	img, err := e.image(ctx, cfg.Image, cfg.Build)
	if err != nil {
		return nil, err
	}
	port, err := freePort(ctx) // in a container each is free, but this one is no edition's default, nor any other container's
	if err != nil {
		return nil, err
	}
	if cfg.PortInfo != nil {
		port = cfg.Edition.DefaultPort
	}
	c, err := e.newContainer(ctx, img, withPort(cfg.Command, port), port, cfg.Box)
	if err != nil {
		return nil, err
	}
	p := &containerPlace{cfg: cfg, container: c, port: port}
	if err := p.furnish(ctx); err != nil {
		return nil, errors.Join(err, p.remove())
	}
	return &localServer{cfg: cfg, place: p}, nil
}

// furnish lays out the working directory.
func (p *containerPlace) furnish(ctx context.Context) error {
	if p.cfg.Dir != "" {
		dir, err := newFolder(ctx, "xferspec-server-*", p.cfg.Dir)
		if err != nil {
			return err
		}
		if err := errors.Join(p.container.put(ctx, dir), removeFolder(dir)); err != nil {
			return err
		}
	}
	if p.cfg.PortInfo != nil && p.cfg.PortInfo.Missing {
		return p.container.mustLack(ctx, portInfo)
	}
	return nil
}

// launch starts the container, on a port that the engine chooses.
func (p *containerPlace) launch(ctx context.Context) (instance, string, error) {
	if text := p.cfg.portInfo(p.port); text != nil {
		if err := p.container.CopyToContainer(ctx, text, path.Join(p.dir(), portInfo), 0o644); err != nil {
			return nil, "", failed(ctx, "write port.info into a container", err)
		}
	}
	run, err := p.container.start(ctx)
	if err != nil {
		return nil, "", err
	}
	addr, err := p.container.addr(ctx)
	if err != nil {
		return nil, "", errors.Join(err, run.kill())
	}
	return run, addr, nil
}

func (p *containerPlace) dir() string { return p.container.image.dir }

// copyAttempts bounds how often files is copied that a server goes on writing.
const copyAttempts = 3

// files copies what the container has at a path, in place of the copy before.
func (p *containerPlace) files(ctx context.Context, from string) (string, error) {
	if !path.IsAbs(from) {
		return "", fmt.Errorf("files at %q: the path is not absolute", from)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.gone {
		return "", errors.New("the server was closed")
	}
	for attempt := 1; ; attempt++ {
		if err := p.forget(); err != nil {
			return "", err
		}
		var err error
		if p.copied, err = newFolder(ctx, "xferspec-files-*", ""); err != nil {
			return "", err
		}
		found, err := p.container.get(ctx, from, p.copied)
		if attempt == copyAttempts || !errors.Is(err, io.ErrUnexpectedEOF) { // that is a file that has shrunk meanwhile
			return found, err
		}
	}
}

// forget removes the latest copy.
func (p *containerPlace) forget() error {
	if p.copied == "" {
		return nil
	}
	return removeFolder(p.copied)
}

func (p *containerPlace) hint() string {
	return "in a container a server has to listen on 0.0.0.0, and one that ignores port.info is told its port by {port} in an argument"
}

func (p *containerPlace) remove() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.gone = true
	return errors.Join(p.container.remove(), p.forget())
}
