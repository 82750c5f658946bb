package target

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// clientState are the files that decide what a client does (CFG-1, CFG-2,
// CFG-4). Which of them there are is for the caller of RunClient to say.
var clientState = []string{"transfer.info", "me.info", "priv.key"}

// runContainer runs a client in a container of its own. What is in dir goes
// into the container, and what the client left comes back in its place.
func runContainer(ctx context.Context, dir string, cfg ClientConfig, prepare func(dir string) error) (_ *Run, err error) {
	e, err := openEngine(ctx)
	if err != nil {
		return nil, err
	}
	img, err := e.image(ctx, cfg.Image, cfg.Build)
	if err != nil {
		return nil, err
	}
	if prepare != nil {
		if err := prepare(dir); err != nil {
			return nil, err
		}
	}
	c, err := e.newContainer(ctx, img, cfg.Command, 0, cfg.Box)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, c.remove()) }()
	if err := c.furnish(ctx, dir); err != nil {
		return nil, err
	}
	started, err := c.start(ctx)
	if err != nil {
		return nil, err
	}
	run, err := runToEnd(ctx, cfg.Timeout, started)
	if err != nil {
		return nil, err
	}
	if strings.HasPrefix(run.Output, initFault) {
		return nil, &ConfigError{Subject: img.name, Reason: "its program cannot be started: " + lastLines(run.Output, 1)}
	}
	return run, c.bringBack(ctx, dir)
}

// initFault is what the init process prints first where it cannot execute the program.
const initFault = "[FATAL tini ("

// furnish puts in what is in a folder, and sees to it that the image adds
// nothing that the folder leaves out on purpose.
func (c *container) furnish(ctx context.Context, dir string) error {
	for _, name := range clientState {
		if _, err := os.Lstat(filepath.Join(dir, name)); errors.Is(err, fs.ErrNotExist) {
			if err := c.mustLack(ctx, name); err != nil {
				return err
			}
		}
	}
	return c.put(ctx, dir)
}

// mustLack returns a *ConfigError if the image has a file of this name in its
// working directory: nothing can be taken out of an image.
func (c *container) mustLack(ctx context.Context, name string) error {
	found, err := c.has(ctx, path.Join(c.image.dir, name))
	if err == nil && found {
		err = &ConfigError{Subject: c.image.name, Reason: fmt.Sprintf(
			"it has a %s in %s, which must be left out of it: write the name into .dockerignore", name, c.image.dir)}
	}
	return err
}

// bringBack puts what is in the working directory in place of what is in a folder.
func (c *container) bringBack(ctx context.Context, dir string) error {
	if err := errors.Join(removeFolder(dir), os.Mkdir(dir, 0o700)); err != nil {
		return err
	}
	_, err := c.get(ctx, c.image.dir, dir)
	return err
}
