// Package clients holds the mutants of the reference client, and its conforming
// variations.
//
// A row's function gets the process before the client runs, and hooks itself in at
// one of these places:
//
//   - process.go: before the run (the files in the folder), the connection, the end:
//     the files again, what the user is told, the exit status.
//   - conn.go: every connection, below the reference; it sees whole requests on the
//     way out and whole responses on the way in.
//   - transfer.go: whole transfers, which it can put together by rules of their own.
//
// The reference sends a request only when the one before is answered, a transfer
// being one of several packets, and 1030 one that has no answer: so the request that
// a response answers is always known.
package clients
