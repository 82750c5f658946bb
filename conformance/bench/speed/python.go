package main

import (
	"context"
	"fmt"

	"github.com/xferspec/xferspec/conformance/bench"
)

// pythonSize is the size in bytes of the file that both servers get.
const pythonSize = 32_000_000

// python lets one client send the same file to the reference and to the server in
// Python.
func python(ctx context.Context, l *lab) error {
	path, err := l.file("python.bin", pythonSize)
	if err != nil {
		return err
	}
	ours, err := l.reference(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = ours.Close() }()
	theirs, err := l.server(ctx, l.python, "/usr/bin/python3", "main.py") // the one that Debian's pycryptodome is for
	if err != nil {
		return err
	}
	defer func() { _ = theirs.Close() }()
	toOurs, err := l.sender(ctx, ours.Addr(), path)
	if err != nil {
		return err
	}
	toTheirs, err := l.sender(ctx, theirs.Addr(), path)
	if err != nil {
		return err
	}
	var quick, slow stopwatch
	if err := bench.Alternate(l.rounds, quick.time(func() error { return toOurs.send(ctx) }), slow.time(func() error { return toTheirs.send(ctx) })); err != nil {
		return err
	}
	l.line("reference server", fmt.Sprintf("%.0f MB/s", quick.rate(pythonSize)), "")
	l.line("server in Python", fmt.Sprintf("%.1f MB/s", slow.rate(pythonSize)), "")
	return l.ratio("throughput of the reference / of the one in Python", slow, quick, "at least 20")
}
