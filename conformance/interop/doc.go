// Package interop puts the reference on the other side of an implementation
// under test, with a proxy in between that does what a fault plan says.
//
// A client under test is led to a Link in front of a ReferenceServer; a server
// under test is sent a Visit of the reference client. What travelled comes back
// as the peer.Conversation that package peer would have seen, so that cases
// judge it in the same words.
package interop
