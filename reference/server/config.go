package server

import (
	"log/slog"
	"time"

	"github.com/xferspec/xferspec/spec"
)

// Config says what a server serves and where.
type Config struct {
	Edition *spec.Edition
	Dir     string       // the data folder: database and files; it must exist
	Log     *slog.Logger // nil discards
	Limits  Limits
}

// Limits bound what clients can take. A zero field means its default.
type Limits struct {
	Idle        time.Duration // how long a connection may make no progress; default 2 minutes
	Grace       time.Duration // how long requests in flight may take when the server ends; default 5 seconds
	Connections int           // at once, further ones wait; default 1024
}

// withDefaults returns l with its zero fields filled.
func (l Limits) withDefaults() Limits {
	if l.Idle == 0 {
		l.Idle = 2 * time.Minute
	}
	if l.Grace == 0 {
		l.Grace = 5 * time.Second
	}
	if l.Connections == 0 {
		l.Connections = 1024
	}
	return l
}

// What is not worth a choice. Sizes are in bytes.
const (
	readBuffer   = 64 << 10         // of a connection
	fileBuffer   = 64 << 10         // of a connection, once it brings a file: what goes to the disk at a time
	maxTransfers = 8                // of a connection, at once
	maxSkip      = 1 << 20          // the longest payload of an unknown request that is read to its end
	maxDrain     = 1 << 20          // how much is read, and dropped, before a connection is closed
	drainTime    = 2 * time.Second  // and for how long
	writeTime    = 30 * time.Second // for one answer; a client that reads nothing must not hold a goroutine
)
