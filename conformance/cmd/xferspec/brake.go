package main

import (
	"io"
	"os"
	"sync"

	"github.com/xferspec/xferspec/conformance/report"
)

// brake lets no further case of a run be started, once it is pulled.
type brake struct {
	once   sync.Once
	reason string
	pulled chan struct{}
}

func newBrake() *brake { return &brake{pulled: make(chan struct{})} }

// pull says why; only the first reason counts.
func (b *brake) pull(reason string) {
	b.once.Do(func() {
		b.reason = reason
		close(b.pulled)
	})
}

// Reason returns why no case is to be started, "" while they are.
func (b *brake) Reason() string {
	select {
	case <-b.pulled:
		return b.reason
	default:
		return ""
	}
}

// failFast pulls the brake at a case that makes the run fail.
func (p *plan) failFast(c report.Case, strict bool) {
	one := report.Report{Cases: []report.Case{c}, Strict: strict}
	one.Excuse(p.known, p.today)
	if one.Verdict == report.NonConformant {
		p.brake.pull("--fail-fast: " + c.ID + " failed before")
	}
}

// obey pulls the brake when whoever started this worker says so, or ends.
func (b *brake) obey(orders *os.File) {
	go func() {
		reason, _ := io.ReadAll(orders)
		if len(reason) == 0 {
			reason = []byte("the run was given up")
		}
		b.pull(string(reason))
	}()
}

// order tells a worker to end early, until it has ended.
func (b *brake) order(worker io.WriteCloser, ended <-chan struct{}) {
	select {
	case <-b.pulled:
		_, _ = io.WriteString(worker, b.reason) // a worker that is gone needs no orders
	case <-ended:
	}
	_ = worker.Close()
}
