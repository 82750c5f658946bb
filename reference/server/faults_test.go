package server_test

import (
	"context"
	"log/slog"
	"sync/atomic"
	"testing"
)

// faults is the handler of a server's log. It passes the log on to the output of
// the test, but not of a benchmark or a fuzz target, and counts panics.
type faults struct {
	slog.Handler
	count *atomic.Int32
}

func newFaults(t testing.TB) *faults {
	f := &faults{slog.DiscardHandler, new(atomic.Int32)}
	if t, ok := t.(*testing.T); ok {
		f.Handler = slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelDebug})
	}
	return f
}

func (f *faults) Enabled(context.Context, slog.Level) bool { return true }

func (f *faults) Handle(ctx context.Context, r slog.Record) error {
	r.Attrs(func(a slog.Attr) bool {
		if a.Key == "panic" {
			f.count.Add(1)
		}
		return true
	})
	return f.Handler.Handle(ctx, r)
}

func (f *faults) WithAttrs(attrs []slog.Attr) slog.Handler {
	return &faults{f.Handler.WithAttrs(attrs), f.count}
}
