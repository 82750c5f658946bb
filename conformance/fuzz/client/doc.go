// Package client fuzzes clients: the harness is the server, and what it answers is
// drawn at random. A plan says who the client is, what it sends and which answers
// depart from the right ones; everything else follows from the protocol.
//
// What the client sends, prints and returns is judged by what it was answered. As
// long as the text says what comes next, every request is; after an answer that
// leaves that open only what holds in every run is.
package client
