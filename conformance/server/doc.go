// Package server holds the cases for servers, a file or a few for each group of
// clauses, and the environment in which they run: the target, and the steps
// that a case takes for granted.
//
// A case talks to the target through peer.Client and judges replies with the
// matchers of match.go, which know the whole set of legal outcomes: where a
// clause lets a server refuse, ending the connection is as good as an answer.
// After that a case goes on with again, on another connection.
//
// Whether nothing comes is never waited for: the case sends a request whose
// answer is known and sees that this answer is next.
//
// What a case builds on is another case's concern. Steps such as sender and
// verified end it as not run where that other case did not pass, so that one
// fault is reported once. A case keeps no connection that it does not need
// (leave), so that servers with one connection at a time are judged too.
package server
