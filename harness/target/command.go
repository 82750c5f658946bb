package target

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// commandPlace is a folder of ours in which a command is run.
type commandPlace struct {
	cfg    ServerConfig
	path   string // of the program
	folder string
}

func openCommand(ctx context.Context, cfg ServerConfig) (Server, error) {
	dir, err := newFolder(ctx, "xferspec-server-*", cfg.Dir)
	if err != nil {
		return nil, err
	}
	path, err := resolve(cfg.Command[0], dir)
	if err != nil {
		return nil, errors.Join(err, removeFolder(dir))
	}
	return &localServer{cfg: cfg, place: &commandPlace{cfg, path, dir}}, nil
}

// launch runs the command on a fresh port.
func (p *commandPlace) launch(ctx context.Context) (instance, string, error) {
	port, err := p.port(ctx)
	if err != nil {
		return nil, "", err
	}
	if err := p.writePort(port); err != nil {
		return nil, "", err
	}
	proc, err := startProcess(p.path, withPort(p.cfg.Command, port), p.folder, p.cfg.Box)
	if err != nil {
		return nil, "", err
	}
	return proc, net.JoinHostPort("127.0.0.1", strconv.Itoa(int(port))), nil
}

// port returns the port on which the server is expected, free at this moment.
func (p *commandPlace) port(ctx context.Context) (uint16, error) {
	if p.cfg.PortInfo == nil {
		return freePort(ctx)
	}
	port := p.cfg.Edition.DefaultPort
	if err := portIsFree(ctx, port); err != nil {
		return 0, &StartError{Addr: net.JoinHostPort("127.0.0.1", strconv.Itoa(int(port))), Last: err}
	}
	return port, nil
}

// writePort writes port.info, in place of whatever is there.
func (p *commandPlace) writePort(port uint16) error {
	path := filepath.Join(p.folder, portInfo)
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	text := p.cfg.portInfo(port)
	if text == nil {
		return nil
	}
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600) //nolint:gosec // anew, so through no link that came in its place
	if err != nil {
		return err
	}
	_, err = file.Write(text)
	return errors.Join(err, file.Close())
}

// withPort returns the command with the port in place of {port}.
func withPort(command []string, port uint16) []string {
	var args []string
	for i, arg := range command {
		if i > 0 { // the first is the program's name
			arg = strings.ReplaceAll(arg, "{port}", strconv.Itoa(int(port)))
		}
		args = append(args, arg)
	}
	return args
}

func (p *commandPlace) dir() string { return p.folder }

// files returns the path itself.
func (p *commandPlace) files(_ context.Context, path string) (string, error) {
	if !filepath.IsAbs(path) {
		return "", fmt.Errorf("files at %q: the path is not absolute", path)
	}
	_, err := os.Lstat(path)
	return path, err
}

func (p *commandPlace) hint() string {
	return "a server that ignores port.info is told its port by {port} in an argument"
}

func (p *commandPlace) remove() error { return removeFolder(p.folder) }
