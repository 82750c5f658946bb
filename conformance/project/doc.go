// Package project looks at a folder with somebody's implementation: what in it is
// a server and what a client, how each is made and run, what that needs, and
// whether this machine has it. It writes the xferspec.yaml that says so.
package project
