// Package client holds the cases for clients, a file for each group of
// clauses, and the scenarios that they look at.
//
// The harness is the server. A scenario runs the client under test once, in a
// fresh folder with the files that it needs, against a peer.Server that
// follows the protocol or departs from it as the scenario's script says. A
// case looks at what was seen: the requests, the exit status, the folder. So
// one run feeds many cases, and runs are made ahead of the cases, several at
// a time.
//
// A client that fails early is accused once. The basics, in steps.go, are the
// cases that the others take for granted, in the order in which a client meets
// them; a scenario names the last one that it needs, and its cases are not run
// if one of those failed. Within a run, first, all and transfer hand out what
// was seen and end the case if it was not.
package client
