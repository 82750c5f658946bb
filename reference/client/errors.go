package client

import (
	"errors"
	"fmt"
)

// Reasons for which a run fails, for errors.Is. Whatever else ends one is said
// in words only.
var (
	// ErrRefused: a message was answered with an error at every sending (RTY-2).
	ErrRefused = errors.New("refused every time")
	// ErrMismatch: the server's checksum differed after every transfer (CRC-7).
	ErrMismatch = errors.New("checksum differs after every transfer")
)

// UsageError is a mistake in how the program was called, as opposed to one in
// its files or on the way to the server.
type UsageError struct{ Err error }

// Error returns what is wrong.
func (e *UsageError) Error() string { return e.Err.Error() }

// Unwrap returns what is wrong.
func (e *UsageError) Unwrap() error { return e.Err }

// failure is the end of a run: what happened, and what the user can do.
type failure struct {
	cause  error
	remedy string
}

func fail(cause error, remedyFormat string, args ...any) error {
	return &failure{cause, fmt.Sprintf(remedyFormat, args...)}
}

func (f *failure) Error() string { return f.cause.Error() + "; " + f.remedy }
func (f *failure) Unwrap() error { return f.cause }

// refusal is an answer that counts as an error response (RTY-1).
type refusal struct{ reason error }

func (r *refusal) Error() string { return r.reason.Error() }
func (r *refusal) Unwrap() error { return r.reason }

// brokenError is a connection that takes no more bytes. What the server said
// before may still be there to read.
type brokenError struct{ err error }

func (b *brokenError) Error() string { return b.err.Error() }
func (b *brokenError) Unwrap() error { return b.err }
