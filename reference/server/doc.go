// Package server is the server side of the protocol, whole.
//
// [New] opens the data folder, [Server.Serve] answers on a listener until its
// context is over, and [Command] is both as a program. Reading on, take the files
// in this order:
//
//   - server.go accepts connections and ends them; link.go gives each its deadlines.
//   - session.go is the life of one connection: read a request, answer it, go on.
//     A request can end in an answer, in nothing, in a refusal (refusal.go) or in
//     the loss of the connection.
//   - requests.go says which method answers which request; register.go, key.go,
//     login.go and verify.go have the short ones.
//   - packet.go leads a packet to its transfer, transfer.go judges whether it fits
//     and takes its content in, through plaintext.go; transfers.go remembers those
//     under way.
//
// One goroutine serves a connection, from the first byte to the last, so answers
// come in the order of the requests (FRM-6) and a client that stalls holds up
// nobody but itself (FRM-7). Nothing is read before it can be dealt with: a file
// goes through a buffer of 64 KiB, is decrypted as it arrives, and is summed and
// written to disk in pieces of 64 KiB. A connection therefore takes less than
// 192 KiB, whatever sizes its client declares (FRM-13).
//
// What is stored, and how it survives, is the business of the package store.
package server
