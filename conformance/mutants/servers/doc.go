// Package servers holds the mutants of the reference server, and its conforming
// variations.
//
// A row's function gets the process before the server starts, and hooks itself in
// at one of these places:
//
//   - process.go: before the start (the database and the files are as the last end
//     left them), the port, the listener, the end.
//   - conn.go: every connection, below the reference; it sees whole requests on the
//     way in and whole responses on the way out.
//   - disk.go: what the reference has stored, before its answer goes out.
//   - assemble.go: files, put together by rules of their own and handed on to the
//     reference as the one packet that it takes for right.
//
// The reference handles the requests of a connection one after the other, and a
// conn gives it no byte of the next one before it asks: so the request on which a
// response answers is always known.
package servers
