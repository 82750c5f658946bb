package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/xferspec/xferspec/conformance/bench"
	"github.com/xferspec/xferspec/harness/target"
)

// load puts the reference server under loads, each for so many rounds.
func (l *lab) load(ctx context.Context, rounds, repeat int, loads ...bench.Load) (*bench.Result, error) {
	r, err := bench.Server(ctx, bench.ServerConfig{
		Edition: l.edition, Loads: loads, Rounds: rounds, Repeat: repeat, TimeScale: 6,
		Targets: []target.ServerConfig{{Command: []string{filepath.Join(l.bin, "xfer-server")}}},
	})
	if err == nil && r.Reason != "" {
		err = errors.New(r.Reason)
	}
	return r, err
}

// The crowd.
const (
	crowdClients = 256
	crowdSize    = 1_000_000 // bytes of each file
	crowdRounds  = 2         // files of each client
)

// crowd compares many clients with one that sends as many files. What is compared
// is bytes per second and processor that the server takes, for a crowd and one
// client do not keep as many processors busy.
func crowd(ctx context.Context, l *lab) error {
	var one, many, perCoreOne, perCoreMany, peaks []float64
	var failed int
	for range l.rounds {
		a, err := l.load(ctx, crowdClients/2, 1, bench.Load{Clients: 1, Size: crowdSize})
		if err != nil {
			return err
		}
		b, err := l.load(ctx, crowdRounds, 1, bench.Load{Clients: crowdClients, Size: crowdSize})
		if err != nil {
			return err
		}
		failed += a.Failed() + b.Failed()
		alone, together := a.Loads[0].Samples[0], b.Loads[0].Samples[0]
		if alone.CPUMs == nil || together.CPUMs == nil || together.Peak == nil {
			return errors.New("processor time and memory of the server cannot be seen")
		}
		one, many = append(one, alone.Throughput()), append(many, together.Throughput())
		perCoreOne = append(perCoreOne, float64(alone.Bytes) / *alone.CPUMs)
		perCoreMany = append(perCoreMany, float64(together.Bytes) / *together.CPUMs)
		peaks = append(peaks, float64(*together.Peak)/(1<<20))
	}
	l.line("one client", fmt.Sprintf("%.0f MB/s, %.0f MB/s per processor of the server", bench.Median(one)/1e6, bench.Median(perCoreOne)/1e3), "")
	l.line("256 clients", fmt.Sprintf("%.0f MB/s, %.0f MB/s per processor of the server", bench.Median(many)/1e6, bench.Median(perCoreMany)/1e3), "")
	l.line("most memory of the server with 256 clients", fmt.Sprintf("%.1f MiB (median of %d runs)", bench.Median(peaks), len(peaks)), "under 96 MiB")
	l.line("failures", fmt.Sprint(failed), "0")
	if err := l.ratio("throughput per processor of the server, 256 clients / one", perCoreMany, perCoreOne, "at least 0.8"); err != nil {
		return err
	}
	return l.ratio("throughput, 256 clients / one", many, one, "")
}

// Small files.
const (
	smallClients = 16
	smallSize    = 1000 // bytes
	smallRounds  = 313  // files of each client
)

// small lets many clients send small files to a server whose folder is on a disk,
// and sees before and after how often that makes a write durable.
func small(ctx context.Context, l *lab) error {
	if err := os.Setenv("TMPDIR", l.disk); err != nil {
		return err
	}
	defer func() { _ = os.Setenv("TMPDIR", l.dir) }()
	before, err := syncRate(l.disk)
	if err != nil {
		return err
	}
	r, err := l.load(ctx, smallRounds, 1, bench.Load{Clients: smallClients, Size: smallSize})
	if err != nil {
		return err
	}
	after, err := syncRate(l.disk)
	if err != nil {
		return err
	}
	s := r.Loads[0].Samples[0]
	rate := s.FilesPerSecond()
	l.line(fmt.Sprintf("%d files", s.Files), fmt.Sprintf("%.0f files/s", rate), "")
	l.line("failures", fmt.Sprint(r.Failed()), "0")
	l.line("1 kB written and fsync'ed, before and after", fmt.Sprintf("%.0f and %.0f times/s", before, after), "")
	return l.ratio("files / fsyncs", []float64{rate, rate}, []float64{before, after}, "")
}

// syncTime is how long durable writes are counted.
const syncTime = 2 * time.Second

// syncRate counts how many small writes a second the disk of a folder makes durable,
// one after the other.
func syncRate(dir string) (float64, error) {
	f, err := os.CreateTemp(dir, "xferspec-fsync-*")
	if err != nil {
		return 0, err
	}
	defer func() { _ = os.Remove(f.Name()) }()
	defer f.Close()
	piece := make([]byte, smallSize)
	began, n := time.Now(), 0
	for ; time.Since(began) < syncTime; n++ {
		if _, err := f.Write(piece); err != nil {
			return 0, err
		}
		if err := f.Sync(); err != nil {
			return 0, err
		}
	}
	return float64(n) / time.Since(began).Seconds(), nil
}
