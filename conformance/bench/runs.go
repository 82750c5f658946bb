package bench

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/xferspec/xferspec/harness/target"
	"github.com/xferspec/xferspec/spec/state"
)

// What is timed of a client.
const (
	timeOfRun      = "run"      // of its process, from start to end
	timeOfTransfer = "transfer" // from the first packet's arrival to the answer to the last
)

// The client's files, and the one that it sends.
const (
	transferInfo = "transfer.info"
	sentFile     = "file.bin"
)

// leastRuns is how many runs a load has at least, unless their number is given.
const leastRuns = 3

// runTime is how long a run may take, besides a second for every workRate bytes.
const runTime = 30 * time.Second

// sample runs the client again and again under one load.
func (b *bench) sample(ctx context.Context, load Load) (Sample, error) {
	s := Sample{Latencies: []Latency{}}
	var failed tally
	var runs, transfers []time.Duration
	var total, cpu time.Duration
	var peak int64
	own := ownCPU()
	began := time.Now()
	for n := 0; !b.enough(n, began); n++ {
		run, fault, err := b.run(ctx, load)
		if err != nil {
			return s, err
		}
		if err := run.Close(); err != nil {
			return s, err
		}
		total += run.Duration
		cpu += run.CPU
		peak = max(peak, run.Memory)
		if fault != nil {
			failed.add(fault)
			continue
		}
		seen := b.sink.visited()
		runs, transfers = append(runs, run.Duration), append(transfers, seen.last.Sub(seen.first))
	}
	s.WallMs, s.OwnCPUMs = milliseconds(total), milliseconds(ownCPU()-own)
	s.Files, s.Bytes = len(runs), int64(len(runs))*load.Size
	if len(runs) > 0 {
		s.Latencies = []Latency{newLatency(timeOfRun, runs), newLatency(timeOfTransfer, transfers)}
	}
	if cpu > 0 {
		ms := milliseconds(cpu)
		s.CPUMs = &ms
	}
	if peak > 0 {
		s.Peak = &peak
	}
	s.Failures = failed.counts()
	return s, nil
}

func (b *bench) enough(runs int, began time.Time) bool {
	if b.cfg.Rounds > 0 {
		return runs >= b.cfg.Rounds
	}
	return runs >= leastRuns && time.Since(began) >= b.cfg.Duration
}

// run runs the client once. What it does wrong is a fault.
func (b *bench) run(ctx context.Context, load Load) (_ *target.Run, fault, err error) {
	b.sink.expect(b.contents[load.Size])
	b.runs++
	name := "Bench Client"
	t := b.target
	t.Timeout = time.Duration(b.cfg.TimeScale * float64(runTime+time.Duration(load.Size)*time.Second/workRate))
	if load.Returning {
		t.Dir = b.known.Dir
	} else {
		name = fmt.Sprintf("Bench Client %d", b.runs)
	}
	info := state.TransferInfo{Addr: b.sink.listener.Addr().String(), Name: name, Path: sentFile}.Format()
	run, err := target.RunClient(ctx, t, func(dir string) error {
		return errors.Join(
			os.WriteFile(filepath.Join(dir, transferInfo), info, 0o600),
			place(contentPath(b.files, load.Size), filepath.Join(dir, sentFile)))
	})
	if err != nil {
		return nil, nil, err
	}
	return run, judge(run, b.sink.visited()), nil
}

// place puts a file somewhere, without copying it if it can be avoided.
func place(from, to string) error {
	if err := os.RemoveAll(to); err != nil {
		return err
	}
	if os.Link(from, to) == nil {
		return nil
	}
	content, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	return os.WriteFile(to, content, 0o600) //nolint:gosec // in the folder of a run
}

// judge says what went wrong in a run, as far as a server sees it.
func judge(run *target.Run, seen visit) error {
	switch {
	case run.TimedOut:
		return &RequestError{What: "the client does not end in time"}
	case seen.fault != nil:
		return seen.fault
	case seen.last.IsZero():
		return &RequestError{What: "no file has come", Detail: ending(run)}
	case !seen.confirmed:
		return &RequestError{What: "the client does not say that the checksum is right", Detail: ending(run)}
	case run.Signal != "" || run.ExitCode != 0:
		return &RequestError{What: "the client ends with " + ending(run) + ", though all went well"}
	}
	return nil
}

func ending(run *target.Run) string {
	return target.ExitState{Code: run.ExitCode, Signal: run.Signal}.String()
}

func lastLine(text string) string { return text[strings.LastIndexByte(text, '\n')+1:] }
