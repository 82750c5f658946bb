package bench

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/xferspec/xferspec/conformance/report"
	"github.com/xferspec/xferspec/harness/target"
	"github.com/xferspec/xferspec/spec"
)

// ClientConfig says what to measure of a client, or of two.
type ClientConfig struct {
	Edition *spec.Edition
	Targets []target.ClientConfig // one or two; Timeout and WatchMemory are filled in
	Sizes   []int64               // of the files, in bytes

	Duration time.Duration // how long runs of one kind are repeated; there are at least three
	Rounds   int           // if above 0, how many runs there are instead
	Repeat   int           // how often each load is measured, of each target

	TimeScale float64           // stretches every time limit; 1 is normal
	Progress  func(text string) // is told what begins; nil if nobody wants to know
}

// bench measures one client.
type bench struct {
	cfg      *ClientConfig
	target   target.ClientConfig
	sink     *sink
	contents map[int64]content
	files    string // folder with the files to send, its own: a client may change them
	runs     int
	known    *target.Run // the run whose me.info and priv.key returning clients have
}

// Client measures clients. That one cannot be run is an error: of
// target.RunClient, or an *UnusableError if its first run fails. What goes wrong
// later is in the result. Where ctx ends, the result has what was measured until then.
func Client(ctx context.Context, cfg ClientConfig) (_ *Result, err error) {
	r := newResult(cfg.Edition, spec.Client)
	contents := newContents(cfg.Sizes)
	var all []*bench
	defer func() {
		for _, b := range all {
			err = errors.Join(err, b.close())
		}
	}()
	for _, t := range cfg.Targets {
		b, err := newBench(ctx, &cfg, t, contents)
		if err != nil {
			return nil, err
		}
		all = append(all, b)
		r.Targets = append(r.Targets, clientOf(t))
		if err := b.meet(ctx, cfg.Sizes[0]); err != nil {
			return nil, err
		}
	}
	r.measure(clientLoads(cfg.Sizes), schedule{len(all), cfg.Repeat, timeOfRun, cfg.Progress}, func(i int, load Load) (Sample, error) {
		return all[i].sample(ctx, load)
	})
	return r, nil
}

// clientLoads are a client's first contact, with the smallest file, and then a
// known one with all.
func clientLoads(sizes []int64) []Load {
	loads := []Load{{Clients: 1, Size: sizes[0]}}
	for _, size := range sizes {
		loads = append(loads, Load{Clients: 1, Size: size, Returning: true})
	}
	return loads
}

// writeContents writes the files that clients send, into a new folder.
func writeContents(contents map[int64]content) (dir string, err error) {
	if dir, err = os.MkdirTemp("", "xferspec-bench-*"); err != nil {
		return "", fmt.Errorf("make a folder for the files to send: %w", err)
	}
	for size, c := range contents {
		if err := os.WriteFile(contentPath(dir, size), c.plain, 0o600); err != nil {
			return "", errors.Join(fmt.Errorf("write a file to send: %w", err), os.RemoveAll(dir))
		}
	}
	return dir, nil
}

func contentPath(dir string, size int64) string { return filepath.Join(dir, fmt.Sprint(size)) }

func newBench(ctx context.Context, cfg *ClientConfig, t target.ClientConfig, contents map[int64]content) (*bench, error) {
	host, err := t.ListenHost(ctx)
	if err != nil {
		return nil, err
	}
	files, err := writeContents(contents)
	if err != nil {
		return nil, err
	}
	s, err := newSink(ctx, host, cfg.Edition)
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(files))
	}
	t.WatchMemory = true
	return &bench{cfg: cfg, target: t, sink: s, contents: contents, files: files}, nil
}

func (b *bench) close() error {
	b.sink.close()
	err := os.RemoveAll(b.files)
	if b.known != nil {
		err = errors.Join(err, b.known.Close())
	}
	return err
}

// meet runs the client once, as a new one, and keeps what it leaves.
func (b *bench) meet(ctx context.Context, size int64) error {
	run, fault, err := b.run(ctx, Load{Clients: 1, Size: size})
	if err != nil {
		return err
	}
	b.known = run
	if fault != nil {
		text := fault.Error()
		if output := strings.TrimSpace(run.Output); output != "" {
			text += "; it prints: " + printable(lastLine(output))
		}
		return &UnusableError{clientOf(b.target).String(), errors.New(text)}
	}
	return nil
}

func clientOf(t target.ClientConfig) report.Target {
	out := report.Target{Kind: "command", Dir: t.Dir, Command: t.Command, Image: t.Image, Build: t.Build}
	if t.Image != "" || t.Build != "" {
		out.Kind = "container"
	}
	return out
}
