package main

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"time"

	"github.com/xferspec/xferspec/conformance/bench"
	"github.com/xferspec/xferspec/harness/target"
	"github.com/xferspec/xferspec/reference/client"
	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/state"
)

// memory is where Linux keeps files that no disk slows down.
const memory = "/dev/shm"

// largest is the size in bytes of the largest file of 2024a: 65,535 packets of
// 1024 bytes, of which one is padding (FIL-22).
const largest = 65_535*1024 - 1

// lab is what all parts share.
type lab struct {
	out         io.Writer
	bin, python string
	rounds      int
	edition     *spec.Edition
	dir         string // files in memory
	disk        string // files on a disk
}

// open makes the lab's folder. What is started in a copy of a folder is so in there.
func (l *lab) open() (err error) {
	if l.edition, err = spec.LookupEdition(spec.DefaultEdition); err != nil {
		return err
	}
	if l.disk == "" {
		l.disk = os.TempDir()
	}
	if l.dir, err = os.MkdirTemp(memory, "xferspec-speed-*"); err != nil {
		return fmt.Errorf("a folder in memory is needed: %w", err)
	}
	return os.Setenv("TMPDIR", l.dir)
}

func (l *lab) close() error { return os.RemoveAll(l.dir) }

// file makes a file of random bytes, the same ones every time.
func (l *lab) file(name string, size int64) (path string, err error) {
	path = filepath.Join(l.dir, name)
	f, err := os.Create(path)
	if err != nil {
		return "", err
	}
	source := rand.NewChaCha8([32]byte([]byte("xferspec speed: the same each run")))
	if _, err := io.CopyN(f, source, size); err != nil {
		f.Close()
		return "", err
	}
	return path, f.Close()
}

// server starts a server in an empty folder, or in a copy of dir.
func (l *lab) server(ctx context.Context, dir string, command ...string) (target.Server, error) {
	s, err := target.OpenServer(ctx, target.ServerConfig{Edition: l.edition, Dir: dir, Command: command})
	if err != nil {
		return nil, err
	}
	if err := s.Start(ctx); err != nil {
		_ = s.Close()
		return nil, err
	}
	return s, nil
}

// reference starts the reference server.
func (l *lab) reference(ctx context.Context) (target.Server, error) {
	return l.server(ctx, "", filepath.Join(l.bin, "xfer-server"))
}

// sender is a client of the reference that sends one file again and again.
type sender struct {
	edition *spec.Edition
	dir     string
}

// sender registers a client with a server by sending the file once.
func (l *lab) sender(ctx context.Context, addr, path string) (*sender, error) {
	dir, err := os.MkdirTemp(l.dir, "outbox-*")
	if err != nil {
		return nil, err
	}
	info := state.TransferInfo{Addr: addr, Name: "Ada Lovelace", Path: path}.Format()
	if err := os.WriteFile(filepath.Join(dir, "transfer.info"), info, 0o600); err != nil {
		return nil, err
	}
	s := &sender{l.edition, dir}
	return s, s.send(ctx)
}

func (s *sender) send(ctx context.Context) error {
	return client.Run(ctx, client.Config{Edition: s.edition, Dir: s.dir, Timeout: time.Minute})
}

// stopwatch collects how long something takes, in seconds.
type stopwatch []float64

func (w *stopwatch) time(do func() error) func() error {
	return func() error {
		began := time.Now()
		err := do()
		*w = append(*w, time.Since(began).Seconds())
		return err
	}
}

// rate returns the median in million bytes per second.
func (w stopwatch) rate(size int64) float64 { return float64(size) / bench.Median(w) / 1e6 }

// line prints a figure, beside what it should at least or at most be.
func (l *lab) line(what, figure, wanted string) {
	if wanted != "" {
		wanted = "  (wanted: " + wanted + ")"
	}
	fmt.Fprintf(l.out, "  %-58s %s%s\n", what, figure, wanted)
}

// ratio prints how a compares to b, pair by pair.
func (l *lab) ratio(what string, a, b []float64, wanted string) error {
	r, ok := bench.NewRatio(a, b)
	if !ok {
		return fmt.Errorf("%s: nothing was measured", what)
	}
	l.line(what, r.String(), wanted)
	return nil
}
