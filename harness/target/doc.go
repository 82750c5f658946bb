// Package target gets at the implementation under test: it starts, stops, kills
// and restarts it, and keeps what it prints.
//
// A server is reached in one of two ways, both behind the interface [Server]:
//
//   - by address: someone else runs it, and nothing but the wire is seen. What
//     needs its process or its folder returns [ErrNotLocal].
//   - by command: it runs in a fresh copy of its folder, on a free port that is
//     written to port.info (STO-1) and put in place of {port} in an argument.
//     Each start takes a port that no start before it used, for many servers
//     cannot bind the same one again for a while; the folder stays the same, so
//     that what a server keeps can be looked for after a restart (STO-4, STO-5).
//
// A client is always a command: [RunClient] copies its folder, lets the caller
// lay out transfer.info and the like, and runs it to its end or to a deadline.
//
// A started program is the leader of a process group of its own; whatever of
// the group is left when the leader has ended, or at Close, is killed. On
// Windows there are no such groups, and only the program itself is.
//
// What the user got wrong is a [ConfigError]; a server that does not come up is
// a [StartError].
package target
