// Package mutants says what a mutant and a conforming variation are.
//
// A mutant is the reference server or client, wrapped so that it breaks one thing:
// the suite has to find it out. A variation is the reference, wrapped so that it
// behaves otherwise than the reference in a way that the text leaves open: the
// suite must not accuse it. Between them they measure what the suite lets through
// and whom it accuses wrongly.
//
// Both are rows of tables, in the packages servers and clients, and run as
// programs of their own, like any target: 'xferspec mutant server NAME'. The
// reference knows nothing of them. 'xferspec selftest' (package selftest) runs the
// suite on all of them and judges the suite.
package mutants
