// Package confine runs programs that nobody trusts, on Linux, by what the
// kernel itself offers: namespaces, resource limits and a user of their own.
// Nothing has to be installed. On other systems [Check] says that it cannot be done.
//
// There are two layers. A [Room] is for this program when it tests one
// implementation: a file system with nothing in it but what the system consists
// of and what is named, a network that consists of its loopback, and temporary
// files in memory with a limit. A [Box] is for the implementation, inside a room:
// still less to see, its own processes alone, limits on what it takes, no
// privilege whatever it executes, and where this program is root a user whom
// nothing else on the machine belongs to. When the first process in a box ends,
// the kernel ends all others, wherever they have fled to.
//
// What a box does not do: memory is looked at ten times a second, so that a
// program may take more for a moment, and memory that is in no process (a
// memfd) is not counted; the kernel is the same as everybody's, and a hole in
// it is a hole in the box. A container has the same kernel, but hard limits.
//
// A program in a box or a room is started by way of this program itself, which
// puts up the walls and then becomes, or starts, the other. That happens in this
// package's init function: whatever links the package can do it.
package confine
