// Package server fuzzes servers: conversations of several clients over several
// connections, most of them legal, judged by a model of what a server knows.
//
// A conversation is a list of steps, each of which says who does what on which
// connection. What a step means depends on what came before it: the same "login"
// is to be granted to a client that has sent a key and refused to any other. So
// steps can be left out and the rest still makes sense, which is what makes
// conversations easy to shrink.
package server
